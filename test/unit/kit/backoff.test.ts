import assert from "node:assert/strict";
import { retryDelayMs } from "../../../engine/src/kit/backoff.ts";

describe("retryDelayMs", () => {
  const backoff = { minDelayMs: 10_000, maxDelayMs: 600_000, factor: 2, jitter: 0.2 };

  it("grows by the factor from the minimum, and stops at the maximum", () => {
    const delays = [1, 2, 3, 6, 7, 8, 100].map((attempt) => retryDelayMs(backoff, attempt, 0));
    assert.deepEqual(delays, [10_000, 20_000, 40_000, 320_000, 600_000, 600_000, 600_000]);
  });

  it("takes any factor", () => {
    const delays = [1, 2, 3].map((attempt) => retryDelayMs({ ...backoff, factor: 1.5 }, attempt, 0));
    assert.deepEqual(delays, [10_000, 15_000, 22_500]);
    assert.equal(retryDelayMs({ ...backoff, factor: 1 }, 50, 0), 10_000);
  });

  it("lets chance take off as much as the jitter says, of the maximum, too", () => {
    assert.deepEqual([retryDelayMs(backoff, 1, 0.5), retryDelayMs(backoff, 1, 1)], [9000, 8000]);
    assert.equal(retryDelayMs(backoff, 100, 1), 480_000);
    assert.equal(retryDelayMs({ ...backoff, jitter: 1 }, 1, 1), 0);
    assert.equal(retryDelayMs({ ...backoff, jitter: 0 }, 1, 1), 10_000);
  });
});
