import { z } from "zod";
import { defineJob, type JobContext } from "../../../engine/src/job-types/define-job.ts";

/** A job type of two steps and a commit, which tells what took effect. */
export function order(run?: (context: JobContext, effects: string[]) => Promise<unknown>) {
  const effects: string[] = [];
  const type = defineJob({
    type: "order",
    input: z.object({ item: z.string() }),
    output: z.unknown(),
    retry: { maxAttempts: 3, jitter: 0 },
    async onCancel({ stepOutput }) {
      effects.push(`give back ${await stepOutput("reserve")}`);
    },
    async run(context, { item }) {
      if (run) return run(context, effects);
      const { step, commit, progress } = context;
      const place = await step("reserve", () => {
        effects.push("reserve");
        return 7;
      });
      progress(0.5, "paying");
      const paid = await step("pay", () => {
        effects.push("pay");
        return `paid ${place}`;
      });
      await commit("book", (tx) => tx.set(`orders/${item}`, { paid }));
      return { paid };
    },
  });
  return { type, effects };
}
