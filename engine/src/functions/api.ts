import { firebaseTokenVerifier } from "../accounts/token-verifier.ts";
import { firestoreErasureStore } from "../erasure/firestore/erasure-store.ts";
import { nodeHandler } from "../http/node-handler.ts";
import { firestoreRateLimiter } from "../platform/firestore/rate-limiter.ts";
import { randomIds } from "../platform/ids.ts";
import { webhookUrlPolicy } from "../webhooks/egress/webhook-url-policy.ts";
import { firestoreDeliveryStore } from "../webhooks/firestore/delivery-store.ts";
import { firestoreOwnerSecretStore } from "../webhooks/firestore/owner-secret-store.ts";
import { firestoreRecoveryStore } from "../webhooks/firestore/recovery-store.ts";
import { ownerSecrets } from "../webhooks/signing/owner-secret.ts";
import { newWebhookKey } from "../webhooks/signing/webhook-keys.ts";
import { type ApiPorts, createApi } from "./api-app.ts";
import { withDeadlines } from "./api-deadlines.ts";
import type { Deployment } from "./deployment.ts";
import { filesOf } from "./file-ports.ts";
import { sharedPorts } from "./shared-ports.ts";
import { endpointsOf, guardOf } from "./webhook-ports.ts";

/** Function `api`: accepts, lists, shows and cancels jobs, and manages endpoints. */
export function apiHandler(deployment: Deployment) {
  const config = deployment.config();
  const { projectId, webhooks, tiers, auth, perNetwork } = config;
  const { masterSecret, encryptionKeys } = webhooks;
  const { database, ...shared } = sharedPorts(deployment, filesOf);
  const guard = guardOf(config);
  const files = filesOf(database, config);
  const ports: ApiPorts = {
    ...shared,
    ...(files && { files }),
    endpoints: endpointsOf(database, config),
    deliveries: firestoreDeliveryStore(database),
    recoveries: firestoreRecoveryStore(database),
    rateLimiter: firestoreRateLimiter(database),
    tokens: firebaseTokenVerifier({ projectId, ...auth }),
    erasures: firestoreErasureStore(database),
    types: deployment.types,
    tiers,
    perNetwork,
    urlGuard: guard,
    webhookUrls: webhookUrlPolicy(guard, masterSecret !== ""),
    ...(masterSecret !== "" && { ownerSecrets: ownerSecrets(masterSecret, firestoreOwnerSecretStore(database)) }),
    newKey: newWebhookKey,
    encryptsSecrets: encryptionKeys !== "",
    ids: randomIds,
  };
  const api = createApi(withDeadlines(ports));
  return nodeHandler(() => api.fetch);
}
