import assert from "node:assert/strict";
import sinon from "sinon";
import type { BridgeEvent } from "../../../local/bridge/delivery.ts";
import { openTaskQueue, type Task } from "../../../local/bridge/task-queue.ts";

const START = Date.parse("2026-11-27T09:00:00Z");

describe("a queue of tasks", () => {
  let clock: sinon.SinonFakeTimers;
  let accepted: BridgeEvent[];
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: START });
    accepted = [];
  });
  afterEach(() => clock.restore());

  const open = (maxPerSecond = 500) =>
    openTaskQueue({
      name: "resize",
      limits: { maxConcurrent: 10, maxPerSecond },
      deliverer: { accept: (event) => void accepted.push(event) },
    });
  const task = (id: string, inMs = 0): Task => ({
    id,
    headers: { "content-type": "application/json" },
    body: Buffer.from("{}"),
    scheduledAt: new Date(START + inMs),
  });
  const ids = () => accepted.map(({ id }) => id);

  it("dispatches a task at its time and not before", async () => {
    const queue = open();
    queue.add(task("later", 5_000));
    queue.add(task("now"));
    await clock.tickAsync(4_999);
    assert.deepEqual(ids(), ["now"]);
    await clock.tickAsync(1);
    assert.deepEqual(ids(), ["now", "later"]);
  });

  it("waits for a task of forty days", async () => {
    const queue = open();
    queue.add(task("far", 40 * 24 * 3_600_000));
    await clock.tickAsync(40 * 24 * 3_600_000 - 1);
    assert.deepEqual(ids(), []);
    await clock.tickAsync(1);
    assert.deepEqual(ids(), ["far"]);
  });

  it("dispatches no more a second than its limit", async () => {
    const queue = open(2);
    for (const id of ["a", "b", "c", "d", "e"]) queue.add(task(id));
    await clock.tickAsync(1);
    assert.deepEqual(ids(), ["a", "b"]);
    await clock.tickAsync(1_000);
    assert.deepEqual(ids(), ["a", "b", "c", "d"]);
    await clock.tickAsync(500);
    assert.deepEqual(ids(), ["a", "b", "c", "d", "e"]);
  });

  it("takes an id once, also when its task is gone", async () => {
    const queue = open();
    assert.equal(queue.add(task("a")), true);
    await clock.tickAsync(1);
    assert.equal(queue.add(task("a")), false);
  });

  it("removes a task that waits, and no other", async () => {
    const queue = open();
    queue.add(task("a", 1_000));
    assert.equal(queue.remove("a"), true);
    assert.equal(queue.remove("a"), false);
    await clock.tickAsync(2_000);
    assert.deepEqual(ids(), []);
  });

  it("calls with the headers of Cloud Tasks, which count the retries", async () => {
    open().add(task("a"));
    await clock.tickAsync(1);
    const [first] = accepted;
    assert.ok(first);
    const { authorization = "", ...others } = first.request(3).headers;
    assert.match(authorization, /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
    assert.deepEqual(others, {
      "content-type": "application/json",
      "x-cloudtasks-queuename": "resize",
      "x-cloudtasks-taskname": "a",
      "x-cloudtasks-taskretrycount": "2",
      "x-cloudtasks-taskexecutioncount": "2",
      "x-cloudtasks-tasketa": "1795770000",
    });
  });
});
