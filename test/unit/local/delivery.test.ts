import assert from "node:assert/strict";
import sinon from "sinon";
import { type BridgeEvent, createDeliverer, type DelivererOptions } from "../../../local/bridge/delivery.ts";
import { waitFor } from "../../support/wait-for.ts";

const REQUEST = { headers: {}, body: new Uint8Array() };

function delivererWith(options: Partial<DelivererOptions>) {
  return createDeliverer({
    concurrency: 10,
    timeoutMs: 1000,
    policy: { retry: true, minMs: 1, maxMs: 4, expireMs: 60_000 },
    send: async () => 204,
    log: () => {},
    now: () => 0,
    ...options,
  });
}

function eventOf(settled: BridgeEvent["settled"], request: BridgeEvent["request"] = () => REQUEST): BridgeEvent {
  return { id: "event-1", request, settled };
}

describe("the bridge's deliverer", () => {
  it("settles an event as delivered on any 2xx", async () => {
    const settled = sinon.fake();
    delivererWith({ send: async () => 204 }).accept(eventOf(settled));
    await waitFor("the event", async () => settled.called);
    assert.deepEqual(settled.args, [["delivered", 1]]);
  });

  it("repeats an event until the function takes it, counting deliveries from 1", async () => {
    const answers = [500, 302, 200];
    const attempts: number[] = [];
    const settled = sinon.fake();
    const deliverer = delivererWith({ send: async () => answers.shift() ?? 0 });
    deliverer.accept(
      eventOf(settled, (attempt) => {
        attempts.push(attempt);
        return REQUEST;
      }),
    );
    await waitFor("the event", async () => settled.called);
    assert.deepEqual(attempts, [1, 2, 3]);
    assert.deepEqual(settled.args, [["delivered", 3]]);
    const { delivered, failed, retried } = deliverer.stats();
    assert.deepEqual({ delivered, failed, retried }, { delivered: 1, failed: 2, retried: 2 });
  });

  it("counts a request without an answer as failed", async () => {
    const settled = sinon.fake();
    const send = sinon.stub().onFirstCall().rejects(new Error("socket hang up")).resolves(204);
    delivererWith({ send }).accept(eventOf(settled));
    await waitFor("the event", async () => settled.called);
    assert.deepEqual(settled.args, [["delivered", 2]]);
  });

  it("cuts off a delivery that takes longer than the function may, and counts it as failed", async () => {
    const settled = sinon.fake();
    const lines: string[] = [];
    const send: DelivererOptions["send"] = (_request, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const policy = { retry: false, minMs: 1, maxMs: 1, expireMs: 60_000 };
    delivererWith({ send, timeoutMs: 20, policy, log: (line) => lines.push(line) }).accept(eventOf(settled));
    await waitFor("the event", async () => settled.called);
    assert.deepEqual(settled.args, [["dropped", 1]]);
    assert.deepEqual(lines, ["event event-1, delivery 1: timed out after 20 ms; dropped"]);
  });

  it("hands an event over as a dead letter after the last allowed failure", async () => {
    const settled = sinon.fake();
    const policy = { retry: true, minMs: 1, maxMs: 1, expireMs: 60_000, maxAttempts: 3 };
    delivererWith({ send: async () => 503, policy }).accept(eventOf(settled));
    await waitFor("the event", async () => settled.called);
    assert.deepEqual(settled.args, [["dead-letter", 3]]);
  });

  it("gives an event up that is older than its retention, though it was never delivered", async () => {
    const settled = sinon.fake();
    const send = sinon.fake.resolves(204);
    const times = [0, 60_001];
    const now = () => times.shift() ?? 60_001;
    const deliverer = delivererWith({ send, now });
    deliverer.accept(eventOf(settled));
    await waitFor("the event", async () => settled.called);
    assert.deepEqual(settled.args, [["expired", 0]]);
    assert.deepEqual([send.callCount, deliverer.stats().expired], [0, 1]);
  });

  it("runs at most as many deliveries at a time as it may, and all in the end", async () => {
    const settled = sinon.fake();
    let running = 0;
    let most = 0;
    const send = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return 204;
    };
    const deliverer = delivererWith({ send, concurrency: 3 });
    for (let count = 0; count < 20; count++) deliverer.accept(eventOf(settled));
    await waitFor("all events", async () => settled.callCount === 20);
    assert.equal(most, 3);
    assert.equal(deliverer.stats().maxInFlight, 3);
  });

  it("lets other events pass one that waits for its pause", async () => {
    const order: string[] = [];
    const send: DelivererOptions["send"] = async (request) => (request.headers.name === "bad" ? 500 : 204);
    const policy = { retry: true, minMs: 60_000, maxMs: 60_000, expireMs: 600_000 };
    const deliverer = delivererWith({ send, policy, concurrency: 1 });
    for (const name of ["bad", "good"]) {
      const request = { headers: { name }, body: new Uint8Array() };
      deliverer.accept({ id: name, request: () => request, settled: () => order.push(name) });
    }
    await waitFor("the good event", async () => order.length === 1);
    assert.deepEqual(order, ["good"]);
    assert.equal(deliverer.stats().waiting, 1);
    await deliverer.stop();
  });

  it("delivers nothing more of what it forgets, and settles only a delivery that ran then and succeeds", async () => {
    const settled: string[] = [];
    const answers = new Map<unknown, (status: number) => void>();
    const send: DelivererOptions["send"] = (request) =>
      new Promise((resolve) => answers.set(request.headers.name, resolve));
    const policy = { retry: true, minMs: 60_000, maxMs: 60_000, expireMs: 600_000 };
    const deliverer = delivererWith({ send, policy, concurrency: 2 });
    const accept = (name: string) => {
      const request = { headers: { name }, body: new Uint8Array() };
      deliverer.accept({ id: name, request: () => request, settled: () => settled.push(name) });
    };
    for (const name of ["failed before", "fails", "goes well", "waits"]) accept(name);
    answers.get("failed before")?.(500);
    await waitFor("the third delivery", async () => answers.has("goes well"));
    assert.equal(deliverer.forget(), 2);
    answers.get("fails")?.(500);
    answers.get("goes well")?.(204);
    await waitFor("the end of both", async () => deliverer.size() === 0);
    assert.deepEqual(settled, ["goes well"]);
    assert.equal(answers.has("waits"), false);
    accept("new");
    answers.get("new")?.(204);
    await waitFor("the new event", async () => settled.length === 2);
    assert.deepEqual(settled, ["goes well", "new"]);
  });

  it("cuts off what runs when it stops, and settles nothing afterwards", async () => {
    const settled = sinon.fake();
    const send: DelivererOptions["send"] = (_request, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const deliverer = delivererWith({ send });
    deliverer.accept(eventOf(settled));
    await deliverer.stop();
    assert.equal(settled.called, false);
    assert.equal(deliverer.stats().inFlight, 0);
  });
});
