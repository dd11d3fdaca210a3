import assert from "node:assert/strict";
import { DEFAULT_TIERS, limitsOf, tierOf } from "../../../engine/src/accounts/tiers.ts";
import { limits } from "../../support/jobs.ts";

describe("an owner's tier", () => {
  const tiers = { free: limits({ activeJobs: 1 }), team: limits({ activeJobs: 7 }) };

  it("is the one the claim names", () => {
    assert.deepEqual([tierOf(tiers, "team"), limitsOf(tiers, "team").activeJobs], ["team", 7]);
  });

  for (const claim of [undefined, "", "gold", "toString", "__proto__"]) {
    it(`is free for a claim of ${JSON.stringify(claim)}`, () => {
      assert.deepEqual([tierOf(tiers, claim), limitsOf(tiers, claim).activeJobs], ["free", 1]);
    });
  }

  it("allows a person at a screen 60 jobs a minute, where a deployment says nothing", () => {
    const { free, pro } = DEFAULT_TIERS;
    assert.deepEqual([free.jobsPerMinute, free.jobsPerDay, free.activeJobs], [60, 1000, 5]);
    assert.deepEqual([pro?.jobsPerMinute, pro?.jobsPerDay, pro?.activeJobs], [600, 50_000, 50]);
  });
});
