import { availableParallelism } from "node:os";
import { Firestore } from "@google-cloud/firestore";
import { createApi } from "./api/app.ts";
import { nodeHandler } from "./api/node-handler.ts";
import { type BuryPorts, buryDeadLetter } from "./bury/bury-dead-letter.ts";
import { computePool } from "./compute/compute-pool.ts";
import { type Config, readConfig } from "./config.ts";
import type { ReceivedMessage } from "./core/dead-letter.ts";
import { sideBySide } from "./core/side-by-side.ts";
import { firebaseTokenVerifier } from "./gcp/auth.ts";
import { systemClock as clock } from "./gcp/clock.ts";
import { firestoreDeadLetterStore } from "./gcp/firestore/dead-letter-store.ts";
import { firestoreDeliveryStore } from "./gcp/firestore/delivery-store.ts";
import type { Fields } from "./gcp/firestore/documents.ts";
import { firestoreDueDeliveries } from "./gcp/firestore/due-deliveries.ts";
import { firestoreDueJobs } from "./gcp/firestore/due-jobs.ts";
import { firestoreEndpointStore } from "./gcp/firestore/endpoint-store.ts";
import { firestoreErasureStore } from "./gcp/firestore/erasure-store.ts";
import { firestoreErasures } from "./gcp/firestore/erasures.ts";
import { firestoreExpiredDocuments } from "./gcp/firestore/expired-documents.ts";
import { resultFrom } from "./gcp/firestore/job-documents.ts";
import { firestoreJobStore } from "./gcp/firestore/job-store.ts";
import { firestoreMail } from "./gcp/firestore/mail.ts";
import { firestoreNoticeStore } from "./gcp/firestore/notice-store.ts";
import { firestoreOwnerSecretStore } from "./gcp/firestore/owner-secret-store.ts";
import { firestorePace } from "./gcp/firestore/pace.ts";
import { firestoreRecoveryStore } from "./gcp/firestore/recovery-store.ts";
import { firestoreResultStore } from "./gcp/firestore/result-store.ts";
import { firestoreStepStore } from "./gcp/firestore/step-store.ts";
import { firestoreUnitBudget } from "./gcp/firestore/unit-budget.ts";
import { firestoreVideoCache } from "./gcp/firestore/video-cache.ts";
import { webhookTransport } from "./gcp/http-transport.ts";
import { randomIds } from "./gcp/ids.ts";
import { cloudLog } from "./gcp/log.ts";
import { pubsubPublisher } from "./gcp/pubsub/publisher.ts";
import { resolveAsSystem } from "./gcp/resolve-name.ts";
import { secretBox } from "./gcp/secret-box.ts";
import { newWebhookKey } from "./gcp/webhook-keys.ts";
import { jobTypes } from "./jobs/index.ts";
import type { QueueName } from "./jobs/queues.ts";
import type { YouTubeShare } from "./jobs/video-analysis/fetch-material.ts";
import { sharedVideos } from "./jobs/video-analysis/shared-videos.ts";
import { leaseGuardThread } from "./lease-guard/lease-guard.ts";
import { type SweepPorts, sweep } from "./sweep/sweep.ts";
import { MAX_SIDE_BY_SIDE, type WakePorts, wakeJob } from "./wake/wake-job.ts";
import { addressJudge } from "./webhooks/guard/address.ts";
import { ownHosts, urlGuard } from "./webhooks/guard/url-guard.ts";
import {
  type DeliveryPorts,
  handleDelivery as handleDeliveryMessage,
  type ReceivedDelivery,
} from "./webhooks/handle-delivery.ts";
import { inFlight } from "./webhooks/in-flight.ts";
import { naps } from "./webhooks/naps.ts";
import { type NotifyPorts, notifyResult } from "./webhooks/notify-result.ts";
import { ownerSecrets } from "./webhooks/owner-secret.ts";
import { parking } from "./webhooks/parking.ts";
import { handleMessage as handleJobMessage, type MessagePorts } from "./worker/handle-message.ts";
import { isLateCall } from "./worker/late-calls.ts";
import { tolerateRejections } from "./worker/tolerate-rejections.ts";

/*
 * Builds every adapter once, when the first event asks for it. Settings and job types are looked at before, see `atStart`.
 * Each function's bundle keeps only the handler it exports.
 */

const config = /* @__PURE__ */ atStart(() => readConfig(process.env));
const database = once(() => new Firestore({ projectId: config().projectId, ignoreUndefinedProperties: false }));
const publisher = once(() => pubsubPublisher(config().projectId));
const endpointStore = once(() =>
  firestoreEndpointStore(database(), secretBox(config().webhooks.encryptionKeys), cloudLog),
);
const guard = once(() => {
  const { projectId, publicApiUrl, webhooks } = config();
  return urlGuard({
    allowLoopback: webhooks.allowLoopback,
    ...(webhooks.loopbackPorts && { loopbackPorts: webhooks.loopbackPorts }),
    ownHosts: ownHosts(publicApiUrl, projectId, webhooks.ownHosts),
  });
});
const jobStore = once(() => firestoreJobStore(database(), config().timing));

const apiTypes = /* @__PURE__ */ atStart(() => jobTypes({ youtube: config().youtube }));

/** Function `api`. */
export const handleRequest = /* @__PURE__ */ nodeHandler(once(() => apiFetch(config())));

function apiFetch({ projectId, webhooks, tiers, auth, perNetwork }: Config) {
  const { masterSecret, encryptionKeys } = webhooks;
  return createApi({
    jobs: jobStore(),
    endpoints: endpointStore(),
    deliveries: firestoreDeliveryStore(database()),
    recoveries: firestoreRecoveryStore(database()),
    pace: firestorePace(database()),
    publisher: publisher(),
    tokens: firebaseTokenVerifier({ projectId, ...auth }),
    erasures: firestoreErasureStore(database()),
    types: apiTypes(),
    tiers,
    perNetwork,
    urlGuard: guard(),
    ...(masterSecret !== "" && { ownerSecrets: ownerSecrets(masterSecret, firestoreOwnerSecretStore(database())) }),
    newKey: newWebhookKey,
    encryptsSecrets: encryptionKeys !== "",
    clock,
    ids: randomIds,
    log: cloudLog,
  }).fetch;
}

/** As many as jobs at a time in one worker (`index.ts`), so that none of them waits for another's work: the system shares the processor. */
const MAX_COMPUTE_PROCESSES = 4;
const COMPUTE_IDLE_MS = 60_000;
/** More would make one owner's work no faster, and take the processor from the work of others. */
const MAX_COMPUTE_PROCESSES_OF_OWNER = availableParallelism();

const youtubeShare = once((): YouTubeShare => {
  const { youtubeUnits, youtubeFreshMs } = config();
  const cache = firestoreVideoCache(database(), youtubeFreshMs, cloudLog);
  return {
    budget: firestoreUnitBudget(database(), youtubeUnits),
    now: clock.now,
    random: Math.random,
    ...(youtubeFreshMs > 0 && { videos: sharedVideos(cache, youtubeFreshMs, clock.now) }),
  };
});

const workerTypes = /* @__PURE__ */ atStart(() =>
  jobTypes({ youtube: { ...config().youtube, share: youtubeShare() } }),
);

const workerPorts = once(
  (): MessagePorts => ({
    jobs: jobStore(),
    steps: firestoreStepStore(database()),
    publisher: publisher(),
    deadLetters: firestoreDeadLetterStore(database()),
    compute: computePool({
      entry: new URL("./compute.js", import.meta.url),
      maxProcesses: MAX_COMPUTE_PROCESSES,
      maxOfOwner: MAX_COMPUTE_PROCESSES_OF_OWNER,
      idleMs: COMPUTE_IDLE_MS,
    }),
    leaseGuard: leaseGuardThread(new URL("./lease-guard.js", import.meta.url), config().leaseMs, cloudLog),
    types: workerTypes(),
    clock,
    ids: randomIds,
    log: cloudLog,
    random: Math.random,
    leaseMs: config().leaseMs,
    workerTimeoutMs: config().workerTimeoutMs,
  }),
);

/** The platform ends a process for a rejection that no code handles. A late call harms nothing, and the process runs other jobs. */
const tolerateLateCalls = once(() => tolerateRejections(process, isLateCall));

/** Function `worker`, and its like for the other queues. */
export async function handleMessage(queue: QueueName, message: ReceivedMessage): Promise<void> {
  tolerateLateCalls();
  await handleJobMessage(workerPorts(), queue, message);
}

const wakePorts = once(
  (): WakePorts => ({
    jobs: jobStore(),
    publisher: publisher(),
    clock,
    log: cloudLog,
    bounded: sideBySide(MAX_SIDE_BY_SIDE),
  }),
);

/** Function `wake`. */
export async function handleWake(message: ReceivedMessage): Promise<void> {
  await wakeJob(wakePorts(), message);
}

const notifyPorts = once((): NotifyPorts => {
  const { publicApiUrl, webhooks, mailCollection } = config();
  const { allowLoopback, masterSecret } = webhooks;
  return {
    endpoints: endpointStore(),
    deliveries: firestoreDeliveryStore(database()),
    results: firestoreResultStore(database()),
    notices: firestoreNoticeStore(database()),
    ...(mailCollection !== "" && { mail: firestoreMail(database(), mailCollection) }),
    pace: firestorePace(database()),
    publisher: publisher(),
    guard: guard(),
    transport: webhookTransport({
      judgeAddress: addressJudge(webhooks),
      // The names in /etc/hosts count on a developer's machine, and nowhere else.
      ...(allowLoopback && { resolve: resolveAsSystem }),
    }),
    inFlight: inFlight(clock),
    parking: parking(clock),
    naps: naps({ clock, publisher: publisher(), log: cloudLog }),
    ownerSecrets: ownerSecrets(masterSecret, firestoreOwnerSecretStore(database())),
    publicApiUrl,
    clock,
    log: cloudLog,
    random: Math.random,
  };
});

/** Function `notify`; `fields` are those of the created `results/{jobId}`. */
export async function handleResult(fields: Fields | undefined): Promise<void> {
  if (fields) await notifyResult(notifyPorts(), resultFrom(fields));
}

const deliveryPorts = once(
  (): DeliveryPorts => ({ ...notifyPorts(), jobs: jobStore(), recoveries: firestoreRecoveryStore(database()) }),
);

/** Function `deliver`. */
export async function handleDelivery(message: ReceivedDelivery): Promise<void> {
  await handleDeliveryMessage(deliveryPorts(), message);
}

const buryPorts = once(
  (): BuryPorts => ({
    jobs: jobStore(),
    publisher: publisher(),
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
    dueDeliveries: firestoreDueDeliveries(database()),
    deliveries: firestoreDeliveryStore(database()),
    endpoints: endpointStore(),
    parking: parking(clock),
    erasures: firestoreErasures(database(), mailOptions()),
    ...(config().sweep.deleteExpired && { expired: firestoreExpiredDocuments(database()) }),
    publisher: publisher(),
    clock,
    log: cloudLog,
    lookAheadMs: config().sweep.lookAheadMs,
  }),
);

/** Function `sweep`. */
export async function handleSchedule(): Promise<void> {
  await sweep(sweepPorts());
}

function mailOptions() {
  const { mailCollection } = config();
  return mailCollection === "" ? {} : { mailCollection };
}

/**
 * Builds at once, where the project is known: in a function that starts, and when the Firebase CLI looks at the code before a deployment.
 * So what cannot work is refused there. Elsewhere, as `once`.
 */
/* @__NO_SIDE_EFFECTS__ */
function atStart<T>(build: () => T): () => T {
  const get = once(build);
  if (process.env.GCLOUD_PROJECT !== undefined) get();
  return get;
}

/* @__NO_SIDE_EFFECTS__ */
function once<T>(build: () => T): () => T {
  let built: { value: T } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}
