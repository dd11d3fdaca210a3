import { defineJob } from "@baton/engine";
import { z } from "zod";

/** Adds up the sales of one month, 1 to 12. */
export type SumOfMonth = (year: number, month: number, signal: AbortSignal) => Promise<number>;

export function yearlyReport(sumOfMonth: SumOfMonth) {
  return defineJob({
    type: "yearly.report",
    queue: "heavy",
    input: z.strictObject({ year: z.int().min(2000).max(2100) }),
    output: z.object({ total: z.number() }),
    async run({ step }, { year }) {
      let total = 0;
      for (let month = 1; month <= 12; month++) {
        total += await step(`month ${month}`, ({ signal }) => sumOfMonth(year, month, signal), {
          output: z.number(),
          timeoutMs: 240_000,
          progress: month / 12,
        });
      }
      return { total };
    },
  });
}
