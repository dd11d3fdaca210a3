import assert from "node:assert/strict";
import sinon from "sinon";
import { createMessageLog } from "../../chaos/message-log.ts";
import { at } from "./lives.ts";

const bodyOf = (attributes: Record<string, string>) => Buffer.from(JSON.stringify({ message: { attributes } }));

describe("the log of a chaos run's messages", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: at(0), toFake: ["Date"] });
  });
  afterEach(() => clock.restore());

  it("keeps when each request began and ended, and whether the worker acknowledged its message", () => {
    const log = createMessageLog();
    const ends = [200, 204, 503, undefined].map(
      (status) => [log.watch("baton-worker", bodyOf({ jobId: "a" })), status] as const,
    );
    clock.tick(10);
    for (const [end, status] of ends) end(status);
    const ended = { sentAt: at(0), endedAt: at(10) };
    assert.deepEqual(log.requests.get("a"), [
      { ...ended, isAcknowledged: true },
      { ...ended, isAcknowledged: true },
      { ...ended, isAcknowledged: false },
      { ...ended, isAcknowledged: false },
    ]);
  });

  it("keeps a request that is open, to any of the workers", () => {
    const log = createMessageLog();
    log.watch("baton-worker-heavy", bodyOf({ jobId: "a" }));
    assert.deepEqual([...log.requests], [["a", [{ sentAt: at(0), isAcknowledged: false }]]]);
  });

  it("passes over other functions, and messages of no job", () => {
    const log = createMessageLog();
    log.watch("baton-wake", bodyOf({ jobId: "a" }))(200);
    log.watch("baton-worker", bodyOf({ deliveryId: "a" }))(200);
    log.watch("baton-worker", Buffer.from("{}"))(200);
    assert.deepEqual([...log.requests], []);
  });
});
