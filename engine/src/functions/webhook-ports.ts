import type { Firestore } from "@google-cloud/firestore";
import { cloudLog } from "../platform/log.ts";
import { ownHosts, urlGuard } from "../webhooks/egress/url-guard.ts";
import { firestoreEndpointStore } from "../webhooks/firestore/endpoint-store.ts";
import { secretBox } from "../webhooks/signing/secret-box.ts";
import type { Config } from "./config.ts";

/** The store of endpoints, which holds their secrets encrypted. */
export function endpointsOf(database: Firestore, { webhooks }: Config) {
  return firestoreEndpointStore(database, secretBox(webhooks.encryptionKeys), cloudLog);
}

/** The guard of the URLs that webhooks may go to. */
export function guardOf({ projectId, publicApiUrl, webhooks }: Config) {
  return urlGuard({
    allowLoopback: webhooks.allowLoopback,
    ...(webhooks.loopbackPorts && { loopbackPorts: webhooks.loopbackPorts }),
    ownHosts: ownHosts(publicApiUrl, projectId, webhooks.ownHosts),
  });
}
