import { resultFrom } from "../jobs/firestore/job-documents.ts";
import { firestoreResultStore } from "../jobs/firestore/result-store.ts";
import { documentOfEvent } from "../platform/firestore/document-event.ts";
import { firestoreRateLimiter } from "../platform/firestore/rate-limiter.ts";
import { type AnnouncePorts, announceResult } from "../webhooks/deliver/announce-result.ts";
import { inFlightLimit } from "../webhooks/deliver/in-flight-limit.ts";
import { shortRetryTimer } from "../webhooks/deliver/short-retry-timer.ts";
import { staggeredResume } from "../webhooks/deliver/staggered-resume.ts";
import { addressJudge } from "../webhooks/egress/address.ts";
import { webhookTransport } from "../webhooks/egress/http-transport.ts";
import { resolveAsSystem } from "../webhooks/egress/resolve-name.ts";
import { firestoreAlertStore } from "../webhooks/firestore/alert-store.ts";
import { firestoreDeliveryStore } from "../webhooks/firestore/delivery-store.ts";
import { firestoreMail } from "../webhooks/firestore/mail.ts";
import { firestoreOwnerSecretStore } from "../webhooks/firestore/owner-secret-store.ts";
import { ownerSecrets } from "../webhooks/signing/owner-secret.ts";
import type { Deployment } from "./deployment.ts";
import { sharedPorts } from "./shared-ports.ts";
import { endpointsOf, guardOf } from "./webhook-ports.ts";

/**
 * Function `notify`: announces a final job by an event, and by deliveries, whose first attempts it makes. Takes the event
 * of the job's result.
 */
export function notifyHandler(deployment: Deployment): (data: unknown) => Promise<void> {
  const { ports } = deliveryPorts(deployment);
  return async (data) => {
    const fields = documentOfEvent(data);
    if (fields) await announceResult(ports, resultFrom(fields));
  };
}

/** The ports of the functions that send webhooks. */
export function deliveryPorts(deployment: Deployment) {
  const config = deployment.config();
  const { webhooks, publicApiUrl, mailCollection } = config;
  const { database, jobs, ...shared } = sharedPorts(deployment);
  const ports = {
    ...shared,
    endpoints: endpointsOf(database, config),
    deliveries: firestoreDeliveryStore(database),
    results: firestoreResultStore(database),
    alerts: firestoreAlertStore(database),
    ...(mailCollection !== "" && { mail: firestoreMail(database, mailCollection) }),
    rateLimiter: firestoreRateLimiter(database),
    guard: guardOf(config),
    transport: webhookTransport({
      judgeAddress: addressJudge(webhooks),
      // The names in /etc/hosts count on a developer's machine, and nowhere else.
      ...(webhooks.allowLoopback && { resolve: resolveAsSystem }),
    }),
    inFlight: inFlightLimit(shared.clock),
    staggeredResume: staggeredResume(shared.clock),
    shortRetryTimer: shortRetryTimer(shared),
    ownerSecrets: ownerSecrets(webhooks.masterSecret, firestoreOwnerSecretStore(database)),
    publicApiUrl,
    random: Math.random,
  } satisfies AnnouncePorts;
  return { ports, database, jobs };
}
