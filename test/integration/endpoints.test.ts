import assert from "node:assert/strict";
import { createPublicKey, randomUUID, verify } from "node:crypto";
import {
  CreatedEndpoint,
  DeliveryDetails,
  DeliveryList,
  DeliveryView,
  EndpointView,
  RecoveryView,
  RotatedEndpoint,
  WebhookEvent,
} from "@baton/protocol";
import { ask, call, deliveryOf, refusal, settled, submit, useEndpoints } from "../support/endpoint-owner.ts";
import { waitFor } from "../support/wait-for.ts";
import { expectedSignature } from "../support/webhook-receiver.ts";

describe("webhook endpoints", () => {
  const { anEndpoint, receiver } = useEndpoints();

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
    receiver().answer(path, 500);
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
    await ask(CreatedEndpoint, user, "POST", "/v1/endpoints", {
      url: receiver().url + other,
      types: ["video.analysis"],
    });
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
});
