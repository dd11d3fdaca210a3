import assert from "node:assert/strict";
import type { JsonValue } from "@baton/protocol";
import fc from "fast-check";
import { before } from "mocha";
import { toJson } from "../../engine/src/kit/to-json.ts";
import { aSubmission } from "../support/jobs.ts";
import { applied, claimBy, submitted, T0 } from "./both-job-stores.ts";
import { onBothStepStores, type StepStores } from "./both-step-stores.ts";

const RUNS = 100;
const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

/** Anything that JavaScript has, and what Firestore alone would refuse or change. */
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
  fc.json().map((text) => JSON.parse(text)),
  fc.constantFrom<unknown>(
    [[1, [2]]],
    { "": 1, "a.b": 2, __x__: 3, "`": 4 },
    "\ud800",
    { "\udc00": "\ud800" },
    deep(100),
    deep(30),
    [1e308, -0, 5e-324, 2 ** 53 + 2],
    "x".repeat(200_000),
    Object.fromEntries(Array.from({ length: 21_000 }, (_, i) => [`name-${i}`, i])),
  ),
);

/** The expected form of a value: itself, or one fault with a place. */
function sentOf(given: unknown): JsonValue | undefined {
  const copied = toJson(given);
  if ("value" in copied) return copied.value;
  assert.match(copied.fault.pointer, /^(\/|$)/);
  return undefined;
}

/** Tests that the kept values of a job come back equal; run against the fake and against the real emulator. */
function valuesContract(name: string, open: () => StepStores) {
  describe(`any value that ${name} keeps`, function () {
    this.timeout(120_000);
    let stores: StepStores;
    before(() => {
      stores = open();
    });

    const keeps = (what: string, round: (value: JsonValue) => Promise<unknown>) =>
      it(`comes back equal: ${what}`, () =>
        fc.assert(
          fc.asyncProperty(anything, async (given) => {
            const value = sentOf(given);
            if (value === undefined) return;
            assert.deepEqual(await round(value), value);
          }),
          { numRuns: RUNS },
        ));

    keeps("the input of a job", async (value) => {
      const submission = aSubmission();
      assert.equal((await stores.jobs.submit(submission, value, T0)).outcome, "accepted");
      return stores.jobs.readInput(submission.jobId);
    });

    keeps("the output of a job", async (value) => {
      const { jobId } = await submitted(stores.jobs);
      await applied(stores.jobs, jobId, [claimBy("a"), { kind: "complete", leaseId: "a", output: value }]);
      return (await stores.jobs.readResult(jobId))?.output;
    });

    keeps("the output of a step, read alone and with all others", async (value) => {
      const { jobId } = await submitted(stores.jobs);
      await applied(stores.jobs, jobId, [claimBy("a")]);
      const kept = await stores.steps.keep({ jobId, leaseId: "a", name: "s" }, value, T0);
      assert.equal(kept.outcome, "recorded");
      const { steps } = await stores.steps.recall(jobId, 8 * 1024 * 1024);
      assert.deepEqual((await stores.steps.read(jobId, "s"))?.output, steps[0]?.output);
      return steps[0]?.output;
    });

    keeps("the output of a commit", async (value) => {
      const { jobId } = await submitted(stores.jobs);
      await applied(stores.jobs, jobId, [claimBy("a")]);
      await stores.steps.record({ jobId, leaseId: "a", name: "c" }, () => value, T0);
      return (await stores.steps.read(jobId, "c"))?.output;
    });
  });
}

onBothStepStores(valuesContract);
