import { setGlobalOptions } from "firebase-functions/v2";
import { onDocumentCreated } from "firebase-functions/v2/firestore";
import { onRequest } from "firebase-functions/v2/https";
import { onMessagePublished } from "firebase-functions/v2/pubsub";
import { onSchedule } from "firebase-functions/v2/scheduler";
import { REGION } from "./config.ts";
import {
  handleDeadLetter,
  handleDelivery,
  handleMessage,
  handleRequest,
  handleResult,
  handleSchedule,
  handleWake,
} from "./wiring.ts";

/**
 * The deployment: every function with its trigger and options. `PURE` lets the bundler leave
 * the other functions, and all they import, out of a function's own bundle; it can as long as the options are literals.
 * The service accounts are made by `infra/`, and named in full: the CLI does not expand a short form when it grants secrets.
 */
setGlobalOptions({ region: REGION });

/** Accepts, lists, shows and cancels jobs. Anyone may call it: callers show their ID token in the request. */
export const api = /* @__PURE__ */ onRequest(
  {
    concurrency: 80,
    timeoutSeconds: 60,
    memory: "512MiB",
    invoker: "public",
    serviceAccount: "baton-api@{{ params.PROJECT_ID }}.iam.gserviceaccount.com",
    secrets: ["WEBHOOK_MASTER_SECRET", "WEBHOOK_ENCRYPTION_KEYS"],
  },
  handleRequest,
);

/** Runs the jobs of queue `default`. Rejecting asks for the message again. */
export const worker = /* @__PURE__ */ onMessagePublished(
  {
    topic: "jobs-default",
    retry: true,
    concurrency: 4,
    timeoutSeconds: 540,
    memory: "2GiB",
    cpu: 1,
    serviceAccount: "baton-worker@{{ params.PROJECT_ID }}.iam.gserviceaccount.com",
    secrets: ["YOUTUBE_API_KEY"],
  },
  (event) => handleMessage("default", event.data.message),
);

/** Runs the jobs of queue `heavy`, one an instance, on instances of their own. Rejecting asks for the message again. */
export const workerHeavy = /* @__PURE__ */ onMessagePublished(
  {
    topic: "jobs-heavy",
    retry: true,
    concurrency: 1,
    maxInstances: 20,
    timeoutSeconds: 540,
    memory: "4GiB",
    cpu: 2,
    serviceAccount: "baton-worker@{{ params.PROJECT_ID }}.iam.gserviceaccount.com",
    secrets: ["YOUTUBE_API_KEY"],
  },
  (event) => handleMessage("heavy", event.data.message),
);

/**
 * Moves on the jobs whose time comes within about a minute. An invocation stays open until then, beside up to a thousand others in its
 * instance: 1,000 is the most that a function may ask for (https://cloud.google.com/functions/quotas).
 */
export const wake = /* @__PURE__ */ onMessagePublished(
  {
    topic: "jobs-wake",
    retry: true,
    concurrency: 1000,
    maxInstances: 10,
    timeoutSeconds: 120,
    memory: "512MiB",
    cpu: 1,
    serviceAccount: "baton-wake@{{ params.PROJECT_ID }}.iam.gserviceaccount.com",
  },
  (event) => handleWake(event.data.message),
);

/** Makes the deliveries of a job that ended, and their first attempts. Rejecting asks for the event again. */
export const notify = /* @__PURE__ */ onDocumentCreated(
  {
    document: "results/{jobId}",
    retry: true,
    concurrency: 80,
    timeoutSeconds: 60,
    memory: "512MiB",
    serviceAccount: "baton-notify@{{ params.PROJECT_ID }}.iam.gserviceaccount.com",
    secrets: ["WEBHOOK_MASTER_SECRET", "WEBHOOK_ENCRYPTION_KEYS"],
  },
  (event) => handleResult(event.data?.data()),
);

/**
 * Makes further attempts of deliveries, and the deliveries that `notify` did not make. Continues recoveries, stops
 * endpoints, and tells owners of notices. Rejecting asks for the message again.
 */
export const deliver = /* @__PURE__ */ onMessagePublished(
  {
    topic: "webhook-deliveries",
    retry: true,
    concurrency: 80,
    timeoutSeconds: 60,
    memory: "512MiB",
    serviceAccount: "baton-deliver@{{ params.PROJECT_ID }}.iam.gserviceaccount.com",
    secrets: ["WEBHOOK_MASTER_SECRET", "WEBHOOK_ENCRYPTION_KEYS"],
  },
  (event) => handleDelivery(event.data.message),
);

/** Keeps dead letters for people, and fails the jobs whose messages Pub/Sub gave up. Rejecting asks for the letter again. */
export const bury = /* @__PURE__ */ onMessagePublished(
  {
    topic: "jobs-dead",
    retry: true,
    concurrency: 20,
    timeoutSeconds: 60,
    memory: "512MiB",
    serviceAccount: "baton-bury@{{ params.PROJECT_ID }}.iam.gserviceaccount.com",
  },
  (event) => handleDeadLetter(event.data.message),
);

/**
 * Looks after what is due: jobs whose time has come, whose message was lost, whose worker is gone; results nobody was told
 * of; deliveries between attempts; recoveries; notices; owners who want their data deleted. A run ends within the minute or soon after; two at once do no harm.
 */
export const sweep = /* @__PURE__ */ onSchedule(
  {
    schedule: "every 1 minutes",
    timeoutSeconds: 120,
    memory: "512MiB",
    maxInstances: 1,
    serviceAccount: "baton-sweep@{{ params.PROJECT_ID }}.iam.gserviceaccount.com",
  },
  handleSchedule,
);
