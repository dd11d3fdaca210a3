import { z } from "zod";
import { defineJob, type JobType } from "../../../engine/src/job-types/define-job.ts";

/** Values that no attempt of the job can store. */
export const REFUSED = [
  "cyclic output",
  "output that its schema refuses",
  "cyclic output of a step",
  "document with a nested array",
  "update of a document that is not there",
] as const;

/** Inputs and outputs of the types of this file, for a client. */
export interface RefusedJobs {
  "refused.value": { input: { key: string; gives: (typeof REFUSED)[number] }; output: { given: unknown } };
  "refused.nothing": { input: { key: string }; output: null };
}

/**
 * Job types whose handlers give what Baton refuses, or nothing. Each run leaves a trace, `<key>-runs`, as those of
 * `engine.ts` do.
 */
export function refusedTypes(baseUrl: string): readonly JobType[] {
  const trace = async (key: string) => {
    await fetch(`${baseUrl}/videos?id=${encodeURIComponent(`${key}-runs`)}`);
  };
  const retry = { maxAttempts: 3, minDelayMs: 200, maxDelayMs: 1000 };

  const value = defineJob({
    type: "refused.value",
    input: z.object({ key: z.string(), gives: z.enum(REFUSED) }),
    output: z.object({ given: z.unknown().refine((given) => given !== "refused", "is refused") }),
    retry,
    async run({ step, commit }, { key, gives }) {
      await trace(key);
      const cyclic: Record<string, unknown> = {};
      cyclic.self = cyclic;
      if (gives === "cyclic output") return { given: cyclic };
      if (gives === "cyclic output of a step") return { given: await step("cyclic", () => cyclic) };
      if (gives === "document with a nested array")
        await commit("nested", (tx) => tx.set(`refusedDocuments/${key}`, { rows: [[1]] }));
      if (gives === "update of a document that is not there")
        await commit("update", (tx) => tx.update(`refusedDocuments/${key}`, { rows: 1 }));
      return { given: "refused" };
    },
  });

  const nothing = defineJob({
    type: "refused.nothing",
    input: z.object({ key: z.string() }),
    output: z.void(),
    retry,
    run: (_, { key }) => trace(key),
  });

  return [value, nothing];
}
