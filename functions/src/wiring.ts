import { Firestore } from "@google-cloud/firestore";
import { createApi } from "./api/app.ts";
import { nodeHandler } from "./api/node-handler.ts";
import { type BuryPorts, buryDeadLetter } from "./bury/bury-dead-letter.ts";
import { type Config, readConfig } from "./config.ts";
import type { ReceivedMessage } from "./core/dead-letter.ts";
import { firebaseTokenVerifier } from "./gcp/auth.ts";
import { systemClock as clock } from "./gcp/clock.ts";
import { firestoreDeadLetterStore } from "./gcp/firestore/dead-letter-store.ts";
import { firestoreDeliveryStore } from "./gcp/firestore/delivery-store.ts";
import type { Fields } from "./gcp/firestore/documents.ts";
import { firestoreDueJobs } from "./gcp/firestore/due-jobs.ts";
import { firestoreEndpointStore } from "./gcp/firestore/endpoint-store.ts";
import { firestoreErasureStore } from "./gcp/firestore/erasure-store.ts";
import { firestoreErasures } from "./gcp/firestore/erasures.ts";
import { firestoreExpiredDocuments } from "./gcp/firestore/expired-documents.ts";
import { resultFrom } from "./gcp/firestore/job-documents.ts";
import { firestoreJobStore } from "./gcp/firestore/job-store.ts";
import { firestoreResultStore } from "./gcp/firestore/result-store.ts";
import { firestoreStepStore } from "./gcp/firestore/step-store.ts";
import { webhookTransport } from "./gcp/http-transport.ts";
import { randomIds } from "./gcp/ids.ts";
import { cloudLog } from "./gcp/log.ts";
import { pubsubPublisher } from "./gcp/pubsub/publisher.ts";
import { jobTypes } from "./jobs/index.ts";
import type { QueueName } from "./jobs/queues.ts";
import { type SweepPorts, sweep } from "./sweep/sweep.ts";
import { addressJudge } from "./webhooks/guard/address.ts";
import { ownHosts, urlGuard } from "./webhooks/guard/url-guard.ts";
import {
  type DeliveryMessage,
  type DeliveryPorts,
  handleDelivery as deliverToJob,
} from "./webhooks/handle-delivery.ts";
import { type NotifyPorts, notifyResult } from "./webhooks/notify-result.ts";
import { ownerSecret } from "./webhooks/owner-secret.ts";
import { handleMessage as handleJobMessage, type MessagePorts } from "./worker/handle-message.ts";

/*
 * Builds every adapter once, when the first event asks for it: the Firebase CLI loads this code without its environment.
 * Each function's bundle keeps only the handler it exports.
 */

const config = once(() => readConfig(process.env));
const database = once(() => new Firestore({ projectId: config().projectId, ignoreUndefinedProperties: false }));
const jobStore = once(() => firestoreJobStore(database(), config().timing));

/** Function `api`. */
export const handleRequest = /* @__PURE__ */ nodeHandler(once(() => apiFetch(config())));

function apiFetch({ projectId, youtube, publicApiUrl, webhooks, tiers }: Config) {
  return createApi({
    jobs: jobStore(),
    publisher: pubsubPublisher(projectId),
    tokens: firebaseTokenVerifier(projectId),
    erasures: firestoreErasureStore(database()),
    types: jobTypes({ youtube }),
    tiers,
    urlGuard: urlGuard({ allowLoopback: webhooks.allowLoopback, ownHosts: ownHosts(publicApiUrl, projectId) }),
    ownerSecret: (owner) => ownerSecret(webhooks.masterSecret, owner),
    clock,
    ids: randomIds,
    log: cloudLog,
  }).fetch;
}

const workerPorts = once(
  (): MessagePorts => ({
    jobs: jobStore(),
    steps: firestoreStepStore(database()),
    publisher: pubsubPublisher(config().projectId),
    deadLetters: firestoreDeadLetterStore(database()),
    types: jobTypes({ youtube: config().youtube }),
    clock,
    ids: randomIds,
    log: cloudLog,
    random: Math.random,
    leaseMs: config().leaseMs,
    workerTimeoutMs: config().workerTimeoutMs,
  }),
);

/** Function `worker`, and its like for the other queues. */
export async function handleMessage(queue: QueueName, message: ReceivedMessage): Promise<void> {
  await handleJobMessage(workerPorts(), queue, message);
}

const notifyPorts = once((): NotifyPorts => {
  const { projectId, publicApiUrl, webhooks } = config();
  const { allowLoopback, masterSecret } = webhooks;
  return {
    endpoints: firestoreEndpointStore(database(), cloudLog),
    deliveries: firestoreDeliveryStore(database()),
    results: firestoreResultStore(database()),
    guard: urlGuard({ allowLoopback, ownHosts: ownHosts(publicApiUrl, projectId) }),
    transport: webhookTransport({ judgeAddress: addressJudge({ allowLoopback }) }),
    ownerSecret: (owner) => ownerSecret(masterSecret, owner),
    publicApiUrl,
    clock,
    log: cloudLog,
  };
});

/** Function `notify`; `fields` are those of the created `results/{jobId}`. */
export async function handleResult(fields: Fields | undefined): Promise<void> {
  if (fields) await notifyResult(notifyPorts(), resultFrom(fields));
}

const deliveryPorts = once((): DeliveryPorts => ({ ...notifyPorts(), jobs: jobStore() }));

/** Function `deliver`. */
export async function handleDelivery(message: DeliveryMessage): Promise<void> {
  await deliverToJob(deliveryPorts(), message);
}

const buryPorts = once(
  (): BuryPorts => ({
    jobs: jobStore(),
    publisher: pubsubPublisher(config().projectId),
    deadLetters: firestoreDeadLetterStore(database()),
    clock,
    log: cloudLog,
  }),
);

/** Function `bury`. */
export async function handleDeadLetter(message: ReceivedMessage): Promise<void> {
  await buryDeadLetter(buryPorts(), message);
}

const sweepPorts = once(
  (): SweepPorts => ({
    jobs: jobStore(),
    due: firestoreDueJobs(database()),
    results: firestoreResultStore(database()),
    erasures: firestoreErasures(database()),
    ...(config().sweep.deleteExpired && { expired: firestoreExpiredDocuments(database()) }),
    publisher: pubsubPublisher(config().projectId),
    clock,
    log: cloudLog,
    lookAheadMs: config().sweep.lookAheadMs,
  }),
);

/** Function `sweep`. */
export async function handleSchedule(): Promise<void> {
  await sweep(sweepPorts());
}

/* @__NO_SIDE_EFFECTS__ */
function once<T>(build: () => T): () => T {
  let built: { value: T } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}
