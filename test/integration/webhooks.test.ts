import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { EndpointEvent, JobEvent, type JobStatus, JobView } from "@baton/protocol";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { z } from "zod";
import { toFields } from "../../engine/src/platform/firestore/documents.ts";
import { testCloud } from "../support/cloud.ts";
import { openFirestore } from "../support/firestore.ts";
import { waitFor } from "../support/wait-for.ts";
import {
  expectedSignature,
  type ReceivedWebhook,
  startWebhookReceiver,
  type WebhookReceiver,
} from "../support/webhook-receiver.ts";
import { anAlert } from "../support/webhooks.ts";

/** A request, as the inbox shows it. */
const InboxMessages = z.object({
  messages: z.array(
    z.object({
      type: z.string(),
      headers: z.record(z.string(), z.string()),
      signature: z.object({ outcome: z.string() }),
      answered: z.int(),
    }),
  ),
});

/** An endpoint with a fresh secret, as the API shows it. */
const Created = z.object({ endpointId: z.string(), secret: z.string() });

const COMMENTS = [{ text: "Great video, thank you!" }, { text: "How did you do that?" }];

type User = Awaited<ReturnType<ReturnType<typeof testCloud>["newUser"]>>;

describe("webhooks", () => {
  let receiver: WebhookReceiver;
  let db: Firestore;
  before(async () => {
    receiver = await startWebhookReceiver();
    db = openFirestore();
  });
  after(() => Promise.all([receiver.stop(), db.terminate()]));

  async function call(user: User, method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${testCloud().apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${user.token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${await response.clone().text()}`);
    return response.json();
  }

  async function submit(user: User, input: object, webhookUrl?: string): Promise<string> {
    const request = { type: "video.analysis", input, metadata: { order: "7" }, ...(webhookUrl && { webhookUrl }) };
    return JobView.parse(await call(user, "POST", "/v1/jobs", request)).jobId;
  }

  async function secretOf(user: User): Promise<string> {
    const answer = await call(user, "GET", "/v1/webhook-secret");
    assert.ok(typeof answer === "object" && answer && "secret" in answer && typeof answer.secret === "string");
    return answer.secret;
  }

  const at = (path: string) => receiver.received.filter((webhook) => webhook.path === path);

  /** Waits for `count` requests at `path`, and for the delivery to be settled, so that nothing more can follow. */
  async function arrivals(path: string, count: number): Promise<[ReceivedWebhook, ...ReceivedWebhook[]]> {
    await waitFor(`${count} webhooks at ${path}`, async () => at(path).length >= count);
    const id = at(path)[0]?.headers["webhook-id"];
    await waitFor("the end of the delivery", async () => {
      const state = (await db.doc(`batonDeliveries/${id}`).get()).get("state");
      return state === "succeeded" || state === "failed" || state === "cancelled";
    });
    const [first, ...others] = at(path);
    assert.ok(first);
    assert.equal(others.length, count - 1);
    return [first, ...others];
  }

  async function waitForStatus(user: User, jobId: string, status: JobStatus): Promise<void> {
    await waitFor(`job ${jobId} to be ${status}`, async () => {
      return JobView.parse(await call(user, "GET", `/v1/jobs/${jobId}`)).status === status;
    });
  }

  function eventOf({ body }: ReceivedWebhook): JobEvent {
    return JobEvent.parse(JSON.parse(body));
  }

  it("tells the job's webhookUrl once that the job completed, signed with its owner's secret", async () => {
    const user = await testCloud().newUser();
    const path = `/${randomUUID()}`;
    const jobId = await submit(user, { comments: COMMENTS }, receiver.url + path);
    const [webhook] = await arrivals(path, 1);
    const { type, data } = eventOf(webhook);
    assert.equal(type, "job.completed");
    assert.equal(data.jobId, jobId);
    assert.equal(data.owner, user.uid);
    assert.deepEqual(data.metadata, { order: "7" });
    assert.match(data.resultUrl, new RegExp(`/v1/jobs/${jobId}/result$`));
    assert.match(String(webhook.headers["webhook-timestamp"]), /^\d{10}$/);
    assert.equal(webhook.headers["webhook-signature"], expectedSignature(await secretOf(user), webhook));
  });

  it("signs with the owner's new secret and the one before while they overlap, and the inbox verifies both ways", async () => {
    const { newUser, inboxUrl } = testCloud();
    const user = await newUser();
    const path = `/${randomUUID()}`;
    const old = await secretOf(user);
    await call(user, "POST", "/v1/webhook-secret/rotate");
    const young = await secretOf(user);
    await submit(user, { comments: COMMENTS }, receiver.url + path);
    const [webhook] = await arrivals(path, 1);
    const expected = [young, old].map((secret) => expectedSignature(secret, webhook)).join(" ");
    assert.equal(webhook.headers["webhook-signature"], expected);

    await call(user, "POST", "/v1/webhook-secret/rotate", { overlapSeconds: 0 });
    assert.equal(new Set([old, young, await secretOf(user)]).size, 3);
    const jobId = await submit(user, { comments: COMMENTS }, inboxUrl + path);
    const [message] = await waitFor("the webhook in the inbox", async () => {
      const response = await fetch(`${inboxUrl}/_inbox/messages?jobId=${jobId}`);
      const arrived = InboxMessages.parse(await response.json()).messages;
      return arrived.length > 0 && arrived;
    });
    assert.equal(message?.signature.outcome, "verified");
    assert.equal(message.headers["webhook-signature"]?.split(" ").length, 1);
  });

  it("tells of a job that failed, with its error", async () => {
    const user = await testCloud().newUser();
    const path = `/${randomUUID()}`;
    await submit(user, { videoUrlOrId: "not a video" }, receiver.url + path);
    const [webhook] = await arrivals(path, 1);
    const { type, data } = eventOf(webhook);
    assert.equal(type, "job.failed");
    assert.equal(data.error?.code, "invalid-video");
    assert.equal("output" in data, false);
    assert.equal(webhook.headers["webhook-signature"], expectedSignature(await secretOf(user), webhook));
  });

  it("tells of a job that was cancelled while it ran", async () => {
    const cloud = testCloud();
    const user = await cloud.newUser();
    const path = `/${randomUUID()}`;
    const videoId = randomUUID().replaceAll("-", "").slice(0, 11);
    cloud.youtube.video(videoId, { delayMs: "forever" });
    const jobId = await submit(user, { videoUrlOrId: videoId }, receiver.url + path);
    await waitForStatus(user, jobId, "processing");
    await call(user, "DELETE", `/v1/jobs/${jobId}`);
    const [webhook] = await arrivals(path, 1);
    assert.equal(eventOf(webhook).type, "job.cancelled");
    assert.equal(webhook.headers["webhook-signature"], expectedSignature(await secretOf(user), webhook));
  });

  it("sends again with the same webhook-id 5 s after an answer that is not 2xx, and follows no redirect", async () => {
    const user = await testCloud().newUser();
    const path = `/${randomUUID()}`;
    receiver.answer(path, 307);
    await submit(user, { comments: COMMENTS }, receiver.url + path);
    const webhooks = await arrivals(path, 2);
    assert.deepEqual(
      webhooks.map(({ status }) => status),
      [307, 204],
    );
    assert.equal(new Set(webhooks.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal(new Set(webhooks.map(({ body }) => body)).size, 1);
    const [first = 0, second = 0] = webhooks.map(({ headers }) => Number(headers["webhook-timestamp"]));
    assert.ok(second - first >= 5, `${second - first} s between the attempts`);
    const secret = await secretOf(user);
    for (const webhook of webhooks) {
      assert.equal(webhook.headers["webhook-signature"], expectedSignature(secret, webhook));
    }
    assert.deepEqual(at("/redirected"), []);
    const delivery = await db.doc(`batonDeliveries/${webhooks[0].headers["webhook-id"]}`).get();
    assert.equal(delivery.get("state"), "succeeded");
    assert.equal(delivery.get("owner"), user.uid);
    assert.equal(delivery.get("attemptCount"), 2);
    const attempts = await delivery.ref.collection("batonAttempts").get();
    assert.deepEqual(attempts.docs.map((attempt) => attempt.get("status")).sort(), [204, 307]);
    assert.doesNotMatch(JSON.stringify(attempts.docs.map((attempt) => attempt.data())), /v1,[^*]/);
  });

  it("sends again with the same webhook-id when the process died before it could note the answer", async () => {
    const user = await testCloud().newUser();
    const path = `/${randomUUID()}`;
    receiver.answer(path, "never");
    await submit(user, { comments: COMMENTS }, receiver.url + path);
    await waitFor("the first webhook", async () => at(path).length === 1);
    testCloud().local.killFunction("baton-notify", "SIGKILL");
    // Another sender takes over once the dead one's 30 s are over.
    await waitFor("the second webhook", async () => at(path).length === 2, 75_000);
    const webhooks = await arrivals(path, 2);
    assert.equal(new Set(webhooks.map(({ headers }) => headers["webhook-id"])).size, 1);
    const delivery = await db.doc(`batonDeliveries/${webhooks[0].headers["webhook-id"]}`).get();
    assert.equal(delivery.get("attemptCount"), 2);
  });

  it("reaches the inbox, which verifies every attempt on its own", async () => {
    const { inboxUrl, newUser } = testCloud();
    const user = await newUser();
    const path = `/${randomUUID()}`;
    const behaviour = JSON.stringify({ path, status: 500, times: 1 });
    const asked = await fetch(`${inboxUrl}/_inbox/behaviour`, { method: "POST", body: behaviour });
    assert.equal(asked.status, 200);
    const jobId = await submit(user, { comments: COMMENTS }, inboxUrl + path);
    const messages = await waitFor("two webhooks in the inbox", async () => {
      const response = await fetch(`${inboxUrl}/_inbox/messages?jobId=${jobId}`);
      const arrived = InboxMessages.parse(await response.json()).messages;
      return arrived.length >= 2 && arrived;
    });
    assert.deepEqual(
      messages.map(({ type, answered, signature }) => [type, answered, signature.outcome]),
      [
        ["job.completed", 500, "verified"],
        ["job.completed", 200, "verified"],
      ],
    );
    assert.equal(new Set(messages.map(({ headers }) => headers["webhook-id"])).size, 1);
  });

  /** An endpoint of the user's at `path`, made over the API. */
  async function newEndpoint(user: User, path: string): Promise<{ endpointId: string; secret: string }> {
    return Created.parse(await call(user, "POST", "/v1/endpoints", { url: receiver.url + path }));
  }

  it("tells the owner's endpoint, signed with each of its secrets, and stops after a 410", async () => {
    const user = await testCloud().newUser();
    const path = `/${randomUUID()}`;
    const { endpointId, secret } = await newEndpoint(user, path);
    const rotated = Created.parse(await call(user, "POST", `/v1/endpoints/${endpointId}/rotate`, {}));

    receiver.answer(path, 200, 410);
    const first = await submit(user, { comments: COMMENTS });
    const [webhook] = await arrivals(path, 1);
    assert.equal(eventOf(webhook).data.jobId, first);
    assert.equal(
      webhook.headers["webhook-signature"],
      [rotated.secret, secret].map((live) => expectedSignature(live, webhook)).join(" "),
    );

    await submit(user, { comments: COMMENTS });
    const endpoint = db.doc(`batonEndpoints/${endpointId}`);
    await waitFor("the endpoint to be disabled", async () => (await endpoint.get()).get("disabled") !== undefined);
    // Its own webhookUrl shows when the third job's webhooks have gone out.
    const third = `/${randomUUID()}`;
    await submit(user, { comments: COMMENTS }, receiver.url + third);
    await arrivals(third, 1);
    assert.equal(at(path).length, 2);
    const alerts = await db.collection("batonAlerts").where("owner", "==", user.uid).get();
    assert.deepEqual(
      alerts.docs.map((alert) => alert.get("kind")),
      ["disabled"],
    );
    await waitFor("the alert to be sent", async () => {
      const alert = await alerts.docs[0]?.ref.get();
      return alert?.exists && alert.get("dueAt") === undefined;
    });
  });

  it("sends an alert whose process died before it was sent", async () => {
    const user = await testCloud().newUser();
    const path = `/${randomUUID()}`;
    await newEndpoint(user, path);
    const expireAt = new Date(Date.now() + 3_600_000);
    const alert = anAlert({ owner: user.uid, kind: "recovered", expireAt });
    const alertId = `${alert.endpointId}-recovered-1`;
    const document = db.doc(`batonAlerts/${alertId}`);
    await document.set(toFields({ ...alert, alertId }));
    const [webhook] = await arrivals(path, 1);
    const { type, data } = EndpointEvent.parse(JSON.parse(webhook.body));
    assert.deepEqual([type, data.endpointId], ["endpoint.recovered", alert.endpointId]);
    await waitFor("the alert to be sent", async () => (await document.get()).get("dueAt") === undefined);
  });

  it("tells a stranger's endpoint nothing", async () => {
    const [owner, stranger] = [await testCloud().newUser("owner"), await testCloud().newUser("stranger")];
    const [own, other] = [`/${randomUUID()}`, `/${randomUUID()}`];
    await newEndpoint(stranger, other);
    await submit(owner, { comments: COMMENTS }, receiver.url + own);
    await arrivals(own, 1);
    assert.deepEqual(at(other), []);
  });
});
