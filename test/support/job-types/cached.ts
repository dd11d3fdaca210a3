import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";

/** Works for `ms`, and gives an output that no other run gives: who has the same one shares a run. */
export const cached = defineJob({
  type: "test.cached",
  input: z.strictObject({ text: z.string(), ms: z.int().min(0).max(5000).default(0) }),
  output: z.object({ run: z.string() }),
  cache: { ttlMs: 3_600_000, version: "1" },
  async run({ signal }, { ms }) {
    await pause(ms, undefined, { signal });
    return { run: randomUUID() };
  },
});
