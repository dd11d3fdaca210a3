import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  CreatedEndpoint,
  DeliveryDetails,
  DeliveryList,
  DeliveryView,
  EndpointList,
  EndpointView,
  Problem,
  RecoveryView,
  UsageView,
} from "@baton/protocol";
import { testCloud } from "../support/cloud.ts";
import { ask, call, deliveryOf, refusal, settled, submit, useEndpoints } from "../support/endpoint-owner.ts";
import { waitFor } from "../support/wait-for.ts";

describe("changes and limits of webhook endpoints", () => {
  const { anEndpoint, receiver } = useEndpoints();

  it("change where they point and what they want, and are gone once deleted, with what was pending cancelled", async () => {
    const { user, path, own, at } = await anEndpoint({ description: "old", rateLimit: 50 });
    const moved = `/${randomUUID()}`;
    const change = { url: receiver().url + moved, description: null, rateLimit: null };
    const changed = await ask(EndpointView, user, "PATCH", own, change);
    assert.deepEqual([changed.description, changed.rateLimit], ["", undefined]);
    receiver().answer(moved, 500, 500, 500);
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
    receiver().answer(path, "never");
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
      call(user, "POST", "/v1/endpoints", { url: `${receiver().url}/${randomUUID()}` }),
    );
    const statuses = (await Promise.all(wishes)).map(({ status }) => status).sort();
    assert.deepEqual(statuses, [...Array.from({ length: limit }, () => 201), 409, 409, 409]);
    assert.equal((await ask(EndpointList, user, "GET", "/v1/endpoints")).endpoints.length, limit);
  });

  it("are sent as much as the tier allows, however much is asked for at once", async () => {
    const user = await testCloud().newUser("user", { batonTier: "tiny" });
    const path = `/${randomUUID()}`;
    const wish = { url: receiver().url + path };
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
    assert.equal(receiver().received.filter((webhook) => webhook.path === path).length, 1);
  });

  it("may not point at a private address", async () => {
    const user = await testCloud().newUser();
    const wish = { url: "https://169.254.169.254/computeMetadata/v1/" };
    assert.deepEqual(await refusal(user, "POST", "/v1/endpoints", wish), [400, "webhook-url-refused"]);
  });

  it("are their owner's alone: a stranger and an admin get 404 everywhere, and change nothing", async () => {
    const { user, own, arrivals } = await anEndpoint();
    const { deliveryId } = await ask(DeliveryView, user, "POST", `${own}/test`);
    await arrivals(1);
    const before = await settled(user, deliveryId, "succeeded");
    const since = new Date(Date.now() - 60_000).toISOString();
    const { recoveryId } = await ask(RecoveryView, user, "POST", `${own}/recover`, { since });
    const requests: [method: string, path: string, body?: object][] = [
      ["GET", own],
      ["PATCH", own, { url: `${receiver().url}/stolen` }],
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
