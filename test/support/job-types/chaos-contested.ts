import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";
import type { DocumentTransaction } from "../../../engine/src/job-types/document-transaction.ts";

/**
 * Works for seconds, and says with every write which attempt, and which run, makes it: a write of a run that another
 * one has taken the job over from shows in the step's record, in the job's step, in the result, and in the runs of
 * `chaosRuns/{jobId}`.
 */
export const contested = defineJob({
  type: "chaos.contested",
  input: z.object({ rounds: z.int(), roundMs: z.int() }),
  output: z.object({ attempt: z.int() }),
  retry: { maxAttempts: 8, minDelayMs: 200, maxDelayMs: 2000 },
  async run({ jobId, attempt, step, commit, progress }, { rounds, roundMs }) {
    const run = randomUUID();
    const mark = async (tx: DocumentTransaction) => {
      const path = `chaosRuns/${jobId}`;
      const before = z
        .object({ runs: z.array(z.string()) })
        .optional()
        .parse(await tx.get(path));
      tx.set(path, { runs: [...(before?.runs ?? []), run] });
      return { attempt };
    };
    for (let i = 1; i <= rounds; i++) {
      await step(`attempt ${attempt}, work ${i}`, () => pause(roundMs, { attempt }));
      await commit(`attempt ${attempt}, mark ${i}`, mark);
      progress(i / rounds);
    }
    return { attempt };
  },
});
