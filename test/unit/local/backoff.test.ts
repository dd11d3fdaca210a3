import assert from "node:assert/strict";
import { afterFailure, retryDelayMs } from "../../../local/bridge/backoff.ts";

const POLICY = { retry: true, minMs: 500, maxMs: 60_000, expireMs: 86_400_000 };

describe("the bridge's retry rule", () => {
  it("doubles the pause after every failure", () => {
    const delays = [1, 2, 3, 4].map((failures) => retryDelayMs(POLICY, failures));
    assert.deepEqual(delays, [500, 1000, 2000, 4000]);
  });

  it("never pauses longer than the maximum, however often an event failed", () => {
    assert.equal(retryDelayMs(POLICY, 8), 60_000);
    assert.equal(retryDelayMs(POLICY, 5000), 60_000);
  });

  it("drops a failed event of a function without retry", () => {
    assert.deepEqual(afterFailure({ ...POLICY, retry: false }, 1, 0), { next: "drop" });
  });

  it("makes a dead letter of an event that failed as often as allowed, and not before", () => {
    const policy = { ...POLICY, maxAttempts: 5 };
    assert.deepEqual(afterFailure(policy, 4, 0), { next: "retry", delayMs: 4000 });
    assert.deepEqual(afterFailure(policy, 5, 0), { next: "dead-letter" });
  });

  it("gives an event up when its next delivery would come after a day", () => {
    assert.deepEqual(afterFailure(POLICY, 20, 86_340_000), { next: "retry", delayMs: 60_000 });
    assert.deepEqual(afterFailure(POLICY, 20, 86_340_001), { next: "expire" });
  });
});
