// A codebase made for testing the local cloud: functions that fail, hang and die as a message tells them to.
// Each call appends a line to the file FIXTURE_LOG, which the test reads.
import { appendFileSync } from "node:fs";
import { onDocumentCreated } from "firebase-functions/v2/firestore";
import { onRequest } from "firebase-functions/v2/https";
import { onMessagePublished } from "firebase-functions/v2/pubsub";

const forever = new Promise(() => {});
const seen = new Map();
let publisher;

function record(call) {
  appendFileSync(process.env.FIXTURE_LOG, `${JSON.stringify({ ...call, pid: process.pid, at: Date.now() })}\n`);
}

const api = onRequest({ timeoutSeconds: 5, secrets: ["DECLARED_SECRET"] }, async (req, res) => {
  if (req.path === "/exit") process.exit(3);
  if (req.path === "/hang") await forever;
  if (req.path === "/environment") res.json(process.env);
  else
    res.json({
      pid: process.pid,
      method: req.method,
      url: req.url,
      headers: req.headers,
      body: req.rawBody?.toString(),
    });
});

/** Deployed as `baton-api`, which the local cloud serves at the API's address. */
export const baton = { api };

/** Behaves as the attribute `mode` says: `fail` (the first `times` calls), `hang` or `exit` (the first call), or nothing. */
export const moody = onMessagePublished(
  { topic: "baton-jobs-moody", retry: true, timeoutSeconds: 1 },
  async (event) => {
    const { attributes, messageId } = event.data.message;
    const { deliveryAttempt } = event.data;
    const calls = (seen.get(messageId) ?? 0) + 1;
    seen.set(messageId, calls);
    record({
      name: "moody",
      key: attributes.key ?? attributes.jobId,
      number: attributes.number,
      deliveryAttempt,
      source: event.source,
      type: event.type,
    });
    if (attributes.mode === "fail" && deliveryAttempt <= Number(attributes.times)) throw new Error("told to fail");
    if (attributes.mode === "hang" && deliveryAttempt === 1) await forever;
    if (attributes.mode === "exit" && deliveryAttempt === 1) process.exit(9);
  },
);

/** Hands the message on to `moody` through the publisher of the product. */
export const relay = onMessagePublished({ topic: "relay-topic", retry: true }, async (event) => {
  const { key } = event.data.message.attributes;
  record({ name: "relay", key });
  const { jobPublisher } = await import("../../../engine/src/jobs/job-publisher.ts");
  const { pubsubPublish } = await import("../../../engine/src/platform/pubsub/publisher.ts");
  publisher ??= jobPublisher(
    pubsubPublish({ projectId: process.env.GCLOUD_PROJECT, emulator: process.env.PUBSUB_EMULATOR_HOST }),
  );
  await publisher.publishJob("moody", { jobId: `relayed-${key}` });
});

export const slow = onMessagePublished(
  { topic: "slow-topic", retry: true, concurrency: 3, maxInstances: 1 },
  async (event) => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    record({ name: "slow", key: event.data.message.attributes.key });
  },
);

export const once = onMessagePublished({ topic: "once-topic", retry: false }, (event) => {
  record({ name: "once", key: event.data.message.attributes.key });
  throw new Error("told to fail");
});

export const bury = onMessagePublished({ topic: "baton-jobs-dead", retry: true }, (event) => {
  record({ name: "bury", key: event.data.message.attributes.key, attributes: event.data.message.attributes });
});

export const created = onDocumentCreated({ document: "things/{thing}", retry: true }, (event) => {
  const data = event.data?.data();
  const calls = (seen.get(event.id) ?? 0) + 1;
  seen.set(event.id, calls);
  record({ name: "created", key: event.params.thing, document: event.document, data, calls });
  if (calls <= data?.failures) throw new Error("told to fail");
});
