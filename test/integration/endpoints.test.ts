import assert from "node:assert/strict";
import { createPublicKey, randomUUID, verify } from "node:crypto";
import {
  CreatedEndpoint,
  DeliveryDetails,
  DeliveryList,
  DeliveryView,
  EndpointList,
  EndpointView,
  JobView,
  Problem,
  RecoveryView,
  RotatedEndpoint,
  UsageView,
  WebhookEvent,
} from "@baton/protocol";
import { after, before } from "mocha";
import type { z } from "zod";
import { testCloud } from "../support/cloud.ts";
import { waitFor } from "../support/wait-for.ts";
import {
  expectedSignature,
  type ReceivedWebhook,
  startWebhookReceiver,
  type WebhookReceiver,
} from "../support/webhook-receiver.ts";

type User = Awaited<ReturnType<ReturnType<typeof testCloud>["newUser"]>>;

const JOB = { type: "video.analysis", input: { comments: [{ text: "Great video!" }] } };

describe("webhook endpoints", () => {
  let receiver: WebhookReceiver;
  before(async () => {
    receiver = await startWebhookReceiver();
  });
  after(() => receiver.stop());

  async function call(user: User, method: string, path: string, body?: object) {
    const response = await fetch(`${testCloud().apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${user.token}`,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** The answer of a request that is expected to succeed. */
  async function ask<T>(schema: z.ZodType<T>, user: User, method: string, path: string, body?: object): Promise<T> {
    const { status, text } = await call(user, method, path, body);
    assert.ok(status < 300, `${method} ${path} answered ${status}: ${text}`);
    return schema.parse(JSON.parse(text));
  }

  /** The status and code of a request that is expected to be refused. */
  async function refusal(user: User, method: string, path: string, body?: object) {
    const { status, text } = await call(user, method, path, body);
    return [status, Problem.parse(JSON.parse(text)).code];
  }

  /** An endpoint of a fresh user at a path of its own; `at` is what arrived there. */
  async function anEndpoint(wish: object = {}) {
    const user = await testCloud().newUser();
    const path = `/${randomUUID()}`;
    const request = { url: receiver.url + path, ...wish };
    const endpoint = await ask(CreatedEndpoint, user, "POST", "/v1/endpoints", request);
    const at = () => receiver.received.filter((webhook) => webhook.path === path);
    const arrivals = async (count: number): Promise<ReceivedWebhook[]> => {
      await waitFor(`${count} webhooks at ${path}`, async () => at().length >= count);
      return at();
    };
    return { user, path, endpoint, own: `/v1/endpoints/${endpoint.endpointId}`, at, arrivals };
  }

  const submit = (user: User) => ask(JobView, user, "POST", "/v1/jobs", JOB);

  async function settled(user: User, deliveryId: string, state: string): Promise<DeliveryDetails> {
    return waitFor(`delivery ${deliveryId} to be ${state}`, async () => {
      const delivery = await ask(DeliveryDetails, user, "GET", `/v1/deliveries/${deliveryId}`);
      return delivery.state === state && delivery;
    });
  }

  async function deliveryOf(user: User, jobId: string, state: string): Promise<DeliveryView> {
    return waitFor(`a delivery of ${jobId} to be ${state}`, async () => {
      const { deliveries } = await ask(DeliveryList, user, "GET", `/v1/deliveries?jobId=${jobId}&state=${state}`);
      return deliveries[0];
    });
  }

  it("tell of a job, signed with the secret that was shown, with the headers that were asked for and are masked", async () => {
    const headers = { Authorization: "Bearer s3cret" };
    const { user, endpoint, own, arrivals } = await anEndpoint({ headers });
    const { jobId } = await submit(user);
    const [webhook] = await arrivals(1);
    assert.ok(webhook && endpoint.secret);
    assert.equal(webhook.headers["webhook-signature"], expectedSignature(endpoint.secret, webhook));
    assert.equal(webhook.headers.authorization, "Bearer s3cret");
    const event = WebhookEvent.parse(JSON.parse(webhook.body));
    assert.equal("jobId" in event.data && event.data.jobId, jobId);

    const delivery = await settled(user, String(webhook.headers["webhook-id"]), "succeeded");
    assert.deepEqual([delivery.jobId, delivery.endpointId], [jobId, endpoint.endpointId]);
    const [attempt] = delivery.attempts;
    assert.deepEqual([attempt?.number, attempt?.status], [1, 204]);
    assert.equal(attempt?.requestHeaders["webhook-signature"], "v1,***");
    assert.equal(JSON.stringify(delivery).includes("s3cret"), false);
    const read = await call(user, "GET", own);
    assert.deepEqual([read.text.includes("s3cret"), read.text.includes("whsec_")], [false, false]);
    assert.deepEqual(EndpointView.parse(JSON.parse(read.text)).headerNames, ["authorization"]);
  });

  it("take a test event, signed with a key pair when asked for", async () => {
    const { user, endpoint, own, arrivals } = await anEndpoint({ scheme: "v1a" });
    assert.equal(endpoint.secret, undefined);
    const sent = await ask(DeliveryView, user, "POST", `${own}/test`);
    const [webhook] = await arrivals(1);
    assert.ok(webhook);
    const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = webhook.headers;
    assert.equal(id, sent.deliveryId);
    const raw = Buffer.from((endpoint.publicKeys?.[0] ?? "").replace("whpk_", ""), "base64");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") }, format: "jwk" });
    const [scheme, base64] = String(signature).split(",");
    assert.equal(scheme, "v1a");
    const content = Buffer.from(`${id}.${at}.${webhook.body}`);
    assert.equal(verify(null, content, key, Buffer.from(base64 ?? "", "base64")), true);
    const event = WebhookEvent.parse(JSON.parse(webhook.body));
    assert.deepEqual(
      [event.type, "endpointId" in event.data && event.data.endpointId],
      ["endpoint.test", endpoint.endpointId],
    );
    await settled(user, sent.deliveryId, "succeeded");
  });

  it("sign with the old secret and the new one while their rotation overlaps, and with the new one alone when not", async () => {
    const { user, endpoint, own, arrivals } = await anEndpoint();
    const rotated = await ask(RotatedEndpoint, user, "POST", `${own}/rotate`);
    await ask(DeliveryView, user, "POST", `${own}/test`);
    const [both] = await arrivals(1);
    assert.ok(both && rotated.secret && endpoint.secret && rotated.secret !== endpoint.secret);
    assert.deepEqual(String(both.headers["webhook-signature"]).split(" "), [
      expectedSignature(rotated.secret, both),
      expectedSignature(endpoint.secret, both),
    ]);
    const last = await ask(RotatedEndpoint, user, "POST", `${own}/rotate`, { overlapSeconds: 0 });
    await ask(DeliveryView, user, "POST", `${own}/test`);
    const [, one] = await arrivals(2);
    assert.ok(one && last.secret);
    assert.equal(one.headers["webhook-signature"], expectedSignature(last.secret, one));
  });

  it("keep what happens while they are disabled, and get it by a recovery once they are enabled", async () => {
    const { user, own, at, arrivals } = await anEndpoint();
    const since = new Date(Date.now() - 60_000).toISOString();
    assert.equal((await ask(EndpointView, user, "POST", `${own}/disable`)).disabled?.reason, "owner");
    assert.deepEqual(await refusal(user, "POST", `${own}/test`), [409, "endpoint-disabled"]);
    const { jobId } = await submit(user);
    const held = await deliveryOf(user, jobId, "held");
    assert.deepEqual(await refusal(user, "POST", `/v1/deliveries/${held.deliveryId}/resend`), [
      409,
      "endpoint-disabled",
    ]);
    assert.deepEqual(await refusal(user, "POST", `${own}/recover`, { since }), [409, "endpoint-disabled"]);
    assert.deepEqual(at(), []);

    assert.equal((await ask(EndpointView, user, "POST", `${own}/enable`)).disabled, undefined);
    const recovery = await ask(RecoveryView, user, "POST", `${own}/recover`, { since });
    const [webhook] = await arrivals(1);
    assert.equal(webhook?.headers["webhook-id"], held.deliveryId);
    const done = await waitFor("the recovery to be done", async () => {
      const now = await ask(RecoveryView, user, "GET", `${own}/recoveries/${recovery.recoveryId}`);
      return now.state === "complete" && now;
    });
    assert.deepEqual([done.seen, done.resent], [1, 1]);
    assert.equal((await settled(user, held.deliveryId, "succeeded")).attempts.length, 1);
  });

  it("get a delivery again when asked to, with the same webhook-id, although it had succeeded", async () => {
    const { user, own, arrivals } = await anEndpoint();
    const { deliveryId } = await ask(DeliveryView, user, "POST", `${own}/test`);
    await settled(user, deliveryId, "succeeded");
    assert.equal((await ask(DeliveryView, user, "POST", `/v1/deliveries/${deliveryId}/resend`)).state, "pending");
    const webhooks = await arrivals(2);
    assert.deepEqual(
      webhooks.map(({ headers }) => headers["webhook-id"]),
      [deliveryId, deliveryId],
    );
    assert.equal((await settled(user, deliveryId, "succeeded")).attempts.length, 2);
  });

  it("show a failed attempt with its answer and the next one's time, and are found by every filter", async () => {
    const { user, path, endpoint } = await anEndpoint();
    receiver.answer(path, 500);
    const { jobId } = await submit(user);
    const failed = await waitFor("a failed attempt", async () => {
      const { deliveries } = await ask(DeliveryList, user, "GET", `/v1/deliveries?jobId=${jobId}`);
      const [delivery] = deliveries;
      return delivery?.lastAttempt?.status === 500 && delivery;
    });
    const { attempts, nextAttemptAt } = await ask(DeliveryDetails, user, "GET", `/v1/deliveries/${failed.deliveryId}`);
    assert.equal(attempts[0]?.status, 500);
    if (failed.state === "pending") assert.equal(attempts[0]?.nextAttemptAt, nextAttemptAt);
    const succeeded = await settled(user, failed.deliveryId, "succeeded");
    assert.deepEqual(
      succeeded.attempts.map(({ number, status }) => [number, status]),
      [
        [1, 500],
        [2, 204],
      ],
    );
    const filters = [`endpointId=${endpoint.endpointId}`, `jobId=${jobId}`, "state=succeeded"];
    for (let chosen = 0; chosen < 8; chosen += 1) {
      const query = filters.filter((_, i) => chosen & (1 << i)).join("&");
      const { deliveries } = await ask(DeliveryList, user, "GET", `/v1/deliveries?${query}`);
      assert.deepEqual(
        deliveries.map(({ deliveryId }) => deliveryId),
        [failed.deliveryId],
        query,
      );
    }
    const { deliveries } = await ask(DeliveryList, user, "GET", "/v1/deliveries?endpointId=job");
    assert.deepEqual(deliveries, []);
  });

  it("want only the events and job types they name", async () => {
    const { user, at } = await anEndpoint({ events: ["job.failed"] });
    const other = `/${randomUUID()}`;
    await ask(CreatedEndpoint, user, "POST", "/v1/endpoints", { url: receiver.url + other, types: ["video.analysis"] });
    const { jobId } = await submit(user);
    await deliveryOf(user, jobId, "succeeded");
    assert.deepEqual(at(), []);
    const { deliveries } = await ask(DeliveryList, user, "GET", `/v1/deliveries?jobId=${jobId}`);
    assert.equal(deliveries.length, 1);
  });

  it("page through deliveries, newest first", async () => {
    const { user, own } = await anEndpoint();
    const sent: string[] = [];
    for (let i = 0; i < 3; i += 1) sent.unshift((await ask(DeliveryView, user, "POST", `${own}/test`)).deliveryId);
    const first = await ask(DeliveryList, user, "GET", "/v1/deliveries?limit=2");
    const rest = await ask(
      DeliveryList,
      user,
      "GET",
      `/v1/deliveries?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? "")}`,
    );
    assert.deepEqual(
      [...first.deliveries, ...rest.deliveries].map(({ deliveryId }) => deliveryId),
      sent,
    );
    assert.equal(rest.nextCursor, undefined);
  });

  it("change where they point and what they want, and are gone once deleted, with what was pending cancelled", async () => {
    const { user, path, own, at } = await anEndpoint({ description: "old", rateLimit: 50 });
    const moved = `/${randomUUID()}`;
    const change = { url: receiver.url + moved, description: null, rateLimit: null };
    const changed = await ask(EndpointView, user, "PATCH", own, change);
    assert.deepEqual([changed.description, changed.rateLimit], ["", undefined]);
    receiver.answer(moved, 500, 500, 500);
    const { deliveryId } = await ask(DeliveryView, user, "POST", `${own}/test`);
    await waitFor("the first attempt to have failed", async () => {
      const delivery = await ask(DeliveryDetails, user, "GET", `/v1/deliveries/${deliveryId}`);
      return delivery.attempts.length > 0 && delivery.state === "pending";
    });
    assert.deepEqual(at(), [], path);
    assert.equal((await ask(UsageView, user, "GET", "/v1/usage")).endpoints, 1);
    assert.equal((await call(user, "DELETE", own)).status, 204);
    await settled(user, deliveryId, "cancelled");
    assert.deepEqual(await refusal(user, "POST", `/v1/deliveries/${deliveryId}/resend`), [409, "endpoint-gone"]);
    assert.deepEqual(await refusal(user, "GET", own), [404, "not-found"]);
    assert.equal((await ask(UsageView, user, "GET", "/v1/usage")).endpoints, 0);
  });

  it("leave nothing to be sent once deleted: what is held or under way is cancelled, and stays so", async () => {
    const { user, path, own, arrivals } = await anEndpoint();
    await ask(EndpointView, user, "POST", `${own}/disable`);
    const held = await deliveryOf(user, (await submit(user)).jobId, "held");
    await ask(EndpointView, user, "POST", `${own}/enable`);
    receiver.answer(path, "never");
    const { deliveryId } = await ask(DeliveryView, user, "POST", `${own}/test`);
    await arrivals(1);
    assert.equal((await call(user, "DELETE", own)).status, 204);
    for (const id of [held.deliveryId, deliveryId]) {
      const { state } = await ask(DeliveryDetails, user, "GET", `/v1/deliveries/${id}`);
      assert.equal(state, "cancelled");
    }
    const ended = await waitFor("the attempt under way to end", async () => {
      const delivery = await ask(DeliveryDetails, user, "GET", `/v1/deliveries/${deliveryId}`);
      return delivery.attempts.length > 0 && delivery;
    });
    assert.deepEqual([ended.state, ended.attempts[0]?.error], ["cancelled", "timeout"]);
  });

  it("are as many as the tier allows, however many are asked for at once", async () => {
    const user = await testCloud().newUser();
    const limit = (await ask(UsageView, user, "GET", "/v1/usage")).limits.endpoints;
    const wishes = Array.from({ length: limit + 3 }, () =>
      call(user, "POST", "/v1/endpoints", { url: `${receiver.url}/${randomUUID()}` }),
    );
    const statuses = (await Promise.all(wishes)).map(({ status }) => status).sort();
    assert.deepEqual(statuses, [...Array.from({ length: limit }, () => 201), 409, 409, 409]);
    assert.equal((await ask(EndpointList, user, "GET", "/v1/endpoints")).endpoints.length, limit);
  });

  it("are sent as much as the tier allows, however much is asked for at once", async () => {
    const user = await testCloud().newUser("user", { batonTier: "tiny" });
    const path = `/${randomUUID()}`;
    const wish = { url: receiver.url + path };
    const { endpointId } = await ask(CreatedEndpoint, user, "POST", "/v1/endpoints", wish);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => call(user, "POST", `/v1/endpoints/${endpointId}/test`)),
    );
    const [sent, ...others] = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 429);
    assert.deepEqual([others.length, refused.length], [0, 11]);
    for (const { headers, text } of refused) {
      assert.equal(Problem.parse(JSON.parse(text)).code, "quota-exceeded");
      const retryAfter = Number(headers.get("retry-after"));
      assert.ok(retryAfter >= 1 && retryAfter <= 20, `Retry-After: ${retryAfter}`);
    }
    const { deliveryId } = DeliveryView.parse(JSON.parse(sent?.text ?? ""));
    await settled(user, deliveryId, "succeeded");
    assert.deepEqual(await refusal(user, "POST", `/v1/deliveries/${deliveryId}/resend`), [429, "quota-exceeded"]);
    assert.equal(receiver.received.filter((webhook) => webhook.path === path).length, 1);
  });

  it("may not point at a private address", async () => {
    const user = await testCloud().newUser();
    const wish = { url: "https://169.254.169.254/computeMetadata/v1/" };
    assert.deepEqual(await refusal(user, "POST", "/v1/endpoints", wish), [400, "webhook-url-refused"]);
  });

  it("are nobody else's: a stranger and an admin get 404 everywhere, and change nothing", async () => {
    const { user, own, arrivals } = await anEndpoint();
    const { deliveryId } = await ask(DeliveryView, user, "POST", `${own}/test`);
    await arrivals(1);
    const before = await settled(user, deliveryId, "succeeded");
    const since = new Date(Date.now() - 60_000).toISOString();
    const { recoveryId } = await ask(RecoveryView, user, "POST", `${own}/recover`, { since });
    const requests: [method: string, path: string, body?: object][] = [
      ["GET", own],
      ["PATCH", own, { url: `${receiver.url}/stolen` }],
      ["POST", `${own}/disable`],
      ["POST", `${own}/enable`],
      ["POST", `${own}/rotate`],
      ["POST", `${own}/test`],
      ["POST", `${own}/recover`, { since }],
      ["GET", `${own}/recoveries`],
      ["GET", `${own}/recoveries/${recoveryId}`],
      ["GET", `/v1/deliveries/${deliveryId}`],
      ["POST", `/v1/deliveries/${deliveryId}/resend`],
      ["DELETE", own],
    ];
    const strangers = [
      await testCloud().newUser("stranger"),
      await testCloud().newUser("root", { batonRole: "admin" }),
    ];
    for (const stranger of strangers) {
      for (const [method, path, body] of requests) {
        assert.deepEqual(await refusal(stranger, method, path, body), [404, "not-found"], `${method} ${path}`);
      }
      assert.deepEqual((await ask(EndpointList, stranger, "GET", "/v1/endpoints")).endpoints, []);
      assert.deepEqual((await ask(DeliveryList, stranger, "GET", "/v1/deliveries")).deliveries, []);
    }
    const { secret: _, ...mine } = await ask(CreatedEndpoint, user, "GET", own);
    assert.equal(mine.url.endsWith("/stolen"), false);
    assert.deepEqual(await ask(DeliveryDetails, user, "GET", `/v1/deliveries/${deliveryId}`), before);
  });
});
