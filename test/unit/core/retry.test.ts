import assert from "node:assert/strict";
import { retryDelayMs } from "../../../functions/src/core/retry.ts";

describe("retryDelayMs", () => {
  const policy = { minDelayMs: 10_000, maxDelayMs: 600_000 };

  it("doubles from the minimum and stops at the maximum", () => {
    const delays = [1, 2, 3, 6, 7, 8, 100].map((attempt) => retryDelayMs(policy, attempt, 0));
    assert.deepEqual(delays, [10_000, 20_000, 40_000, 320_000, 600_000, 600_000, 600_000]);
  });

  it("takes at most a fifth off", () => {
    assert.deepEqual([retryDelayMs(policy, 1, 0.5), retryDelayMs(policy, 1, 1)], [9_000, 8_000]);
  });
});
