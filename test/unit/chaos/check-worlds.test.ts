import assert from "node:assert/strict";
import fc from "fast-check";
import { isFinal } from "../../../engine/src/jobs/rules/job.ts";
import { check } from "../../chaos/check.ts";
import { createWitness } from "../../chaos/witness.ts";
import { TIERS } from "../jobs/engine/requests.ts";
import { hostileScript, type Line } from "../jobs/engine/script.ts";
import { newWorld } from "../jobs/engine/world.ts";

const HOUR_MS = 61 * 60_000;
const SLOTS = new Map(Object.entries(TIERS).map(([owner, { activeJobs }]) => [owner, activeJobs]));

/** A witness of everything that happens in a hostile world, until it is calm and has come to rest. */
async function witnessOf(script: readonly Line[]) {
  const world = newWorld();
  for (const line of script) await world.play(line);
  world.calm({ areMessagesLost: false });
  for (let hour = 1; hour <= 20 && !world.isQuiet(); hour++) {
    world.pass(HOUR_MS);
    await world.sweep();
    await world.drain({ does: "complete" });
  }
  const witness = createWitness(SLOTS);
  for (const { job, result } of world.store.moves) {
    witness.showJobs([{ document: job, isGone: false }]);
    witness.showInFlight(witness.jobs.values());
    if (result) witness.showResults([{ document: result, isGone: false }]);
  }
  return witness;
}

describe("the check of a chaos run, held against the engine's own rules,", () => {
  it("blames no job for what a hostile but correct world does to it", () =>
    fc.assert(
      fc.asyncProperty(hostileScript, async (script) => {
        const { seen, jobs, results } = await witnessOf(script);
        // These did not come over HTTP.
        const plain = new Map([...jobs].filter(([, { status }]) => isFinal(status)));
        const theirs = new Map([...results].filter(([jobId]) => plain.has(jobId)));
        const noTraces = { counters: new Map(), cleanUps: new Map(), lists: new Map(), runs: new Map() };
        const noDocuments = { steps: new Map(), cacheEntries: [], requests: new Map(), webhooks: new Map() };
        const none = { accepted: [], ...noTraces, ...noDocuments };
        const broken = check({ ...none, seen, jobs: plain, results: theirs }).filter((one) => one.broken.length > 0);
        const promises = broken.map(({ promise }) => promise);
        assert.deepEqual(
          promises.filter((promise) => promise !== "one idempotency key makes one job"),
          [],
        );
      }),
      { numRuns: 100 },
    ));
});
