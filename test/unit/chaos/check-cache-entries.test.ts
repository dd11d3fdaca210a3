import assert from "node:assert/strict";
import type { CacheEntry } from "../../../engine/src/jobs/rules/cache-entry.ts";
import { jobIn, spoiled } from "./kept.ts";
import { at } from "./lives.ts";

describe("the check of a chaos run, of cache entries,", () => {
  const promise = "a cache entry names a job that runs, or that completed";
  const withEntry = (entry: Pick<CacheEntry, "jobId" | "isDone">) =>
    spoiled(({ cacheEntries }) => cacheEntries.push({ key: "key", expireAt: at(900), ...entry }));

  for (const [why, jobId, isDone] of [
    ["was left by a leader that failed", "permanent", false],
    ["was left by a leader that completed", "short", false],
    ["stands for an output that never was", "permanent", true],
    ["names a job that never was", "nothing", false],
  ] as const) {
    it(`finds an entry that ${why}`, () => {
      assert.deepEqual(withEntry({ jobId, isDone }), { [promise]: [jobId] });
    });
  }

  it("takes an entry for right whose leader is at work", () => {
    const broken = spoiled((evidence) => {
      Object.assign(jobIn(evidence, "short"), { status: "processing" });
      evidence.cacheEntries.push({ key: "key", jobId: "short", isDone: false, expireAt: at(900) });
    });
    assert.equal(broken[promise], undefined);
  });
});
