import { z } from "zod";
import {
  defineJob,
  type JobContext,
  type JobType,
  RetryAfterError,
  RetryableError,
} from "../../../engine/src/job-types/define-job.ts";

/** Waits of these lengths, in milliseconds, have a type `wait.backoff.<ms>`: a retry policy is the type's. */
export const BACKOFFS_MS: readonly number[] = [500, 1000, 3000, 5000, 10_000, 20_000, 35_000, 50_000, 70_000];

const Times = z.strictObject({ ms: z.int(), times: z.int().min(1).max(20) });
/** By how much each wait took longer than it was asked to, in milliseconds; below 0 when it ended early. */
const Late = z.object({ lateMs: z.array(z.number()) });

const sleeping = defineJob({
  type: "wait.sleep",
  input: Times,
  output: Late,
  async run({ step, sleep }, { ms, times }) {
    const lateMs: number[] = [];
    for (let i = 1; i <= times; i++) {
      const from = await step(`from ${i}`, () => Date.now(), { output: z.number() });
      await sleep(ms, `sleep ${i}`);
      lateMs.push((await step(`to ${i}`, () => Date.now(), { output: z.number() })) - from - ms);
    }
    return { lateMs };
  },
});

/** Fails `times` attempts; what its waits took is told by the one after them. */
async function failing({ attempt, step }: JobContext, ms: number, times: number, error: () => Error) {
  const stamp = (name: string) => step(name, () => Date.now(), { output: z.number() });
  const begins = await stamp(`begins ${attempt}`);
  if (attempt <= times) {
    await stamp(`fails ${attempt}`);
    throw error();
  }
  // A remembered instant is given again.
  const lateMs: number[] = [];
  for (let i = 1; i <= times; i++) {
    const next = i === times ? begins : await stamp(`begins ${i + 1}`);
    lateMs.push(next - (await stamp(`fails ${i}`)) - ms);
  }
  return { lateMs };
}

const retryAfter = defineJob({
  type: "wait.retry-after",
  input: Times,
  output: Late,
  retry: { maxAttempts: 21 },
  run: (context, { ms, times }) =>
    failing(context, ms, times, () => new RetryAfterError("busy", "Asked to wait.", { afterMs: ms })),
});

const backoffs = BACKOFFS_MS.map((ms) =>
  defineJob({
    type: `wait.backoff.${ms}`,
    input: z.strictObject({ times: z.int().min(1).max(20) }),
    output: Late,
    retry: { maxAttempts: 21, minDelayMs: ms, maxDelayMs: ms, factor: 1, jitter: 0 },
    run: (context, { times }) => failing(context, ms, times, () => new RetryableError("busy", "Made to fail.")),
  }),
);

const scheduled = defineJob({
  type: "wait.run-at",
  input: z.strictObject({ runAt: z.iso.datetime() }),
  output: Late,
  run: async (_, { runAt }) => ({ lateMs: [Date.now() - Date.parse(runAt)] }),
});

/** Jobs that wait in every way there is, and tell how late each wait ended. */
export const waitTypes: readonly JobType[] = [sleeping, retryAfter, ...backoffs, scheduled];
