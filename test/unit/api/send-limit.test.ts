import assert from "node:assert/strict";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { aClockAt, anApi, NOW } from "./an-api.ts";

const inS = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

/**
 * An API with an endpoint of tim's, whose tier allows ten sends a minute: one every six seconds, and two at once.
 * `setTime` moves the clock. `path` is the endpoint's; `test` asks for a test event.
 */
async function aSender() {
  let now = NOW;
  const api = anApi({ clock: aClockAt(() => now) });
  const { endpointId } = (await api.send("POST", "/v1/endpoints", { url: "https://example.com/" }, "tim")).body;
  const path = `/v1/endpoints/${endpointId}`;
  const setTime = (seconds: number) => {
    now = inS(seconds);
  };
  const test = async () => (await api.send("POST", `${path}/test`, undefined, "tim")).status;
  return { ...api, endpointId: String(endpointId), path, setTime, test };
}

describe("the rate limit of an owner's sends", () => {
  it("grants a burst, and refuses what is over it with 429, saying when to ask again", async () => {
    const { send, path, test, deliveries, publishDelivery } = await aSender();
    assert.deepEqual([await test(), await test()], [202, 202]);
    const { status, headers, body } = await send("POST", `${path}/test`, undefined, "tim");
    assert.deepEqual(
      [status, headers.get("content-type"), headers.get("retry-after")],
      [429, "application/problem+json", "2"],
    );
    assert.deepEqual(
      [body.code, body.detail],
      [
        "quota-exceeded",
        "You may have 10 webhooks sent a minute by test events, resends and recoveries, and you asked for more. Ask again in 2 s.",
      ],
    );
    assert.deepEqual([deliveries.all().length, publishDelivery.callCount], [2, 2]);
  });

  it("grants a request after Retry-After, however many were refused meanwhile", async () => {
    const { setTime, test } = await aSender();
    for (const granted of [202, 202, 429, 429, 429, 429, 429]) assert.equal(await test(), granted);
    setTime(1.999);
    assert.equal(await test(), 429);
    setTime(2);
    assert.deepEqual([await test(), await test()], [202, 429]);
  });

  it("grants no more than ten in any minute after a burst", async () => {
    const { setTime, test } = await aSender();
    const granted: number[] = [];
    for (let second = 0; second < 180; second += 0.5) {
      setTime(second);
      if ((await test()) === 202) granted.push(second);
    }
    assert.deepEqual(granted.slice(0, 5), [0, 0.5, 2, 8, 14]);
    assert.equal(granted.filter((second) => second >= 60 && second < 120).length, 10);
  });

  it("is shared by test events, resends and recoveries of all endpoints, and each owner's own", async () => {
    const { send, path, test, endpointId, deliveries, recoveries } = await aSender();
    const other = (await send("POST", "/v1/endpoints", { url: "https://example.com/2" }, "tim")).body.endpointId;
    const deliveryId = `msg_${"a".repeat(32)}`;
    const about = { deliveryId, owner: "tim", endpointId, event: "job.completed" as const, expireAt: inS(3600) };
    const failed = { ...newDelivery(about, { state: "held" }, NOW), state: "failed" as const };
    deliveries.put(failed);
    const resend = async () => (await send("POST", `/v1/deliveries/${deliveryId}/resend`, undefined, "tim")).status;
    const recover = async () =>
      (await send("POST", `${path}/recover`, { since: "2026-02-01T00:00:00Z" }, "tim")).status;

    assert.equal((await send("POST", `/v1/endpoints/${other}/test`, undefined, "tim")).status, 202);
    assert.equal(await resend(), 202);
    deliveries.put(failed);
    assert.deepEqual([await test(), await resend(), await recover()], [429, 429, 429]);
    assert.deepEqual([await deliveries.read(deliveryId), recoveries.all()], [failed, []]);

    const { endpointId: hers } = (await send("POST", "/v1/endpoints", { url: "https://example.com/" })).body;
    for (let i = 0; i < 5; i += 1) assert.equal((await send("POST", `/v1/endpoints/${hers}/test`)).status, 202);
  });

  it("counts a recovery", async () => {
    const { send, path, test } = await aSender();
    const request = { since: "2026-02-01T00:00:00Z" };
    assert.equal((await send("POST", `${path}/recover`, request, "tim")).status, 202);
    assert.deepEqual([await test(), await test()], [202, 429]);
  });

  it("counts nothing that is refused for another reason", async () => {
    const { send, path, test } = await aSender();
    await send("POST", `${path}/disable`, undefined, "tim");
    for (let i = 0; i < 3; i += 1) {
      assert.equal(await test(), 409);
      assert.equal((await send("POST", "/v1/endpoints/BBBBBBBBBBBBBBBBBBBZ/test", undefined, "tim")).status, 404);
    }
    await send("POST", `${path}/enable`, undefined, "tim");
    assert.deepEqual([await test(), await test()], [202, 202]);
  });

  it("answers 503 and sends nothing when the rate limiter is unreachable", async () => {
    const reserve = async (key: string) => (key.startsWith("sends ") ? Promise.reject(new Error("unreachable")) : NOW);
    const rateLimiter = { reserve };
    const { send, deliveries } = anApi({ rateLimiter });
    const { endpointId } = (await send("POST", "/v1/endpoints", { url: "https://example.com/" })).body;
    assert.equal((await send("POST", `/v1/endpoints/${endpointId}/test`)).status, 503);
    assert.deepEqual(deliveries.all(), []);
  });

  it("is in the document of each of the three operations", async () => {
    const { paths } = (await anApi().call("GET", "/openapi.json")).body;
    for (const path of [
      "/v1/endpoints/{endpointId}/test",
      "/v1/endpoints/{endpointId}/recover",
      "/v1/deliveries/{deliveryId}/resend",
    ]) {
      const { description, headers } = paths[path].post.responses[429];
      assert.deepEqual([description, Object.keys(headers)], ["`quota-exceeded`, `too-many-requests`", ["Retry-After"]]);
    }
  });
});
