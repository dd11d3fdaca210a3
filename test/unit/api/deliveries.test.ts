import assert from "node:assert/strict";
import type { Delivery, DeliveryCommand } from "../../../engine/src/webhooks/rules/delivery.ts";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { anApi, NOW } from "./an-api.ts";

const idOf = (digit: string) => `msg_${digit.repeat(32)}`;
const inS = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

/** A failed attempt that began at `NOW`, took 40 ms, and was answered 500. */
const FAILED: DeliveryCommand = {
  kind: "end",
  number: 1,
  attempt: {
    at: NOW,
    durationMs: 40,
    status: 500,
    requestHeaders: { "webhook-signature": "v1,***", authorization: "***" },
    excerpt: "<b>no</b>",
  },
  verdict: "retry",
  jitter: 0,
};

/** An API with alice's endpoint, and `put`, which stores a pending delivery of hers to it. */
async function aSender() {
  const api = anApi();
  const { endpointId } = (await api.send("POST", "/v1/endpoints", { url: "https://example.com/" })).body;
  function put(digit: string, given: Partial<Delivery> = {}) {
    const about = { deliveryId: idOf(digit), owner: "alice", endpointId, event: "job.completed" as const };
    const job = { jobId: "JJJJJJJJJJJJJJJJJJJJ", jobType: "count.words", expireAt: inS(3600) };
    const start = { state: "pending" as const, nextAttemptAt: NOW };
    api.deliveries.put({ ...newDelivery({ ...about, ...job }, start, NOW), ...given });
    return idOf(digit);
  }
  return { ...api, endpointId: String(endpointId), put };
}

describe("GET /v1/deliveries/{deliveryId}", () => {
  it("shows the delivery with its attempts: masked headers, status, latency, excerpt, and when the next one is", async () => {
    const { send, deliveries, put, endpointId } = await aSender();
    const id = put("a");
    await deliveries.apply(id, { kind: "begin" }, NOW);
    await deliveries.apply(id, FAILED, inS(1));
    const { status, body } = await send("GET", `/v1/deliveries/${id}`);
    assert.equal(status, 200);
    assert.deepEqual(body, {
      deliveryId: id,
      endpointId,
      event: "job.completed",
      jobId: "JJJJJJJJJJJJJJJJJJJJ",
      jobType: "count.words",
      state: "pending",
      attemptCount: 1,
      nextAttemptAt: "2026-03-01T12:00:06.000Z",
      lastAttempt: { at: "2026-03-01T12:00:00.000Z", durationMs: 40, status: 500 },
      createdAt: "2026-03-01T12:00:00.000Z",
      updatedAt: "2026-03-01T12:00:01.000Z",
      attempts: [
        {
          number: 1,
          at: "2026-03-01T12:00:00.000Z",
          durationMs: 40,
          status: 500,
          requestHeaders: { "webhook-signature": "v1,***", authorization: "***" },
          excerpt: "<b>no</b>",
          nextAttemptAt: "2026-03-01T12:00:06.000Z",
        },
      ],
    });
  });

  it("names the kind of error of an attempt without an answer", async () => {
    const { send, deliveries, put } = await aSender();
    const id = put("a");
    await deliveries.apply(id, { kind: "begin" }, NOW);
    const attempt = { at: NOW, durationMs: 3, kind: "blocked_destination" as const, requestHeaders: {} };
    await deliveries.apply(id, { kind: "end", number: 1, attempt, verdict: "failed", jitter: 0 }, inS(1));
    const { body } = await send("GET", `/v1/deliveries/${id}`);
    assert.deepEqual(
      [body.state, body.lastAttempt.error, body.attempts[0].error],
      ["failed", "blocked_destination", "blocked_destination"],
    );
  });
});

describe("GET /v1/deliveries", () => {
  it("lists own deliveries, newest first, page by page", async () => {
    const { send, put } = await aSender();
    for (const [i, digit] of ["a", "b", "c"].entries()) put(digit, { createdAt: inS(i) });
    const first = (await send("GET", "/v1/deliveries?limit=2")).body;
    const ids = (page: typeof first) => page.deliveries.map(({ deliveryId }: Delivery) => deliveryId);
    assert.deepEqual(ids(first), [idOf("c"), idOf("b")]);
    const second = (await send("GET", `/v1/deliveries?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)).body;
    assert.deepEqual([ids(second), "nextCursor" in second], [[idOf("a")], false]);
  });

  it("filters by endpoint, job and state", async () => {
    const { send, put, endpointId } = await aSender();
    put("a");
    put("b", { endpointId: "job", jobId: "KKKKKKKKKKKKKKKKKKKK", state: "failed" });
    const listed = async (query: string) =>
      (await send("GET", `/v1/deliveries?${query}`)).body.deliveries.map(({ deliveryId }: Delivery) => deliveryId);
    assert.deepEqual(await listed(`endpointId=${endpointId}`), [idOf("a")]);
    assert.deepEqual(await listed("endpointId=job"), [idOf("b")]);
    assert.deepEqual(await listed("jobId=KKKKKKKKKKKKKKKKKKKK"), [idOf("b")]);
    assert.deepEqual(await listed("state=failed"), [idOf("b")]);
    assert.deepEqual(await listed(`state=failed&endpointId=${endpointId}`), []);
  });

  for (const query of ["endpointId=x", "jobId=../x", "state=lost", "limit=0", "limit=101", "owner=bob", "cursor=x"]) {
    it(`refuses ?${query} and names it`, async () => {
      const { status, body } = await anApi().send("GET", `/v1/deliveries?${query}`);
      assert.deepEqual(
        [status, body.code, body.errors[0].pointer],
        [400, "invalid-request", `?${query.split("=")[0]}`],
      );
    });
  }
});

describe("POST /v1/deliveries/{deliveryId}/resend", () => {
  for (const state of ["succeeded", "failed", "held", "cancelled", "pending"] as const) {
    it(`sends a delivery that is ${state} again at once, as the first of ten attempts`, async () => {
      const { send, put, deliveries, publishDelivery } = await aSender();
      const id = put("a", { state, attemptCount: 4, tries: 4 });
      const { status, body } = await send("POST", `/v1/deliveries/${id}/resend`);
      assert.deepEqual([status, body.state, body.nextAttemptAt], [202, "pending", "2026-03-01T12:00:00.000Z"]);
      assert.equal(body.attemptCount, 4);
      assert.deepEqual(publishDelivery.args, [[{ deliveryId: id }]]);
      const stored = await deliveries.read(id);
      assert.deepEqual([stored?.tries, stored?.dueAt?.toISOString()], [0, "2026-03-01T12:00:00.000Z"]);
    });
  }

  it("sends to a job's own webhookUrl again", async () => {
    const { send, put } = await aSender();
    const id = put("a", { endpointId: "job", state: "failed" });
    assert.equal((await send("POST", `/v1/deliveries/${id}/resend`)).status, 202);
  });

  it("is refused while an attempt is under way", async () => {
    const { send, put, deliveries, publishDelivery } = await aSender();
    const id = put("a");
    await deliveries.apply(id, { kind: "begin" }, NOW);
    const { status, body } = await send("POST", `/v1/deliveries/${id}/resend`);
    assert.deepEqual([status, body.code, publishDelivery.callCount], [409, "delivery-busy", 0]);
  });

  it("is refused while the endpoint is disabled, and once it is deleted, saying what to do", async () => {
    const { send, put, deliveries, endpointId, publishDelivery } = await aSender();
    const id = put("a", { state: "failed" });
    await send("POST", `/v1/endpoints/${endpointId}/disable`);
    const disabled = await send("POST", `/v1/deliveries/${id}/resend`);
    assert.deepEqual([disabled.status, disabled.body.code], [409, "endpoint-disabled"]);
    assert.match(disabled.body.detail, /Enable it first/);
    await send("DELETE", `/v1/endpoints/${endpointId}`);
    const gone = await send("POST", `/v1/deliveries/${id}/resend`);
    assert.deepEqual([gone.status, gone.body.code], [409, "endpoint-gone"]);
    assert.match(gone.body.detail, /Read the job's result/);
    assert.deepEqual([(await deliveries.read(id))?.state, publishDelivery.callCount], ["failed", 0]);
  });
});

describe("another owner's delivery", () => {
  for (const [method, end] of [
    ["GET", ""],
    ["POST", "/resend"],
  ] as const) {
    it(`is not found by ${method} ${end || "itself"}: neither by another user nor by an admin`, async () => {
      const { send, put, publishDelivery } = await aSender();
      const id = put("a", { state: "failed" });
      for (const caller of ["bob", "admin"]) {
        const foreign = await send(method, `/v1/deliveries/${id}${end}`, undefined, caller);
        assert.deepEqual([foreign.status, foreign.body.code], [404, "not-found"]);
        for (const other of [idOf("b"), "msg_1", "__x__"]) {
          const unknown = await send(method, `/v1/deliveries/${other}${end}`, undefined, caller);
          assert.deepEqual([unknown.status, unknown.body.detail], [404, foreign.body.detail]);
        }
      }
      assert.equal(publishDelivery.callCount, 0);
    });
  }

  it("is not in the list of another user", async () => {
    const { send, put, endpointId } = await aSender();
    put("a");
    for (const caller of ["bob", "admin"]) {
      const { body } = await send("GET", `/v1/deliveries?endpointId=${endpointId}`, undefined, caller);
      assert.deepEqual(body, { deliveries: [] });
    }
  });
});
