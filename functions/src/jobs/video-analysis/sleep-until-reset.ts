import { type JobContext, RetryAfterError } from "@baton/engine";

/** Quota days that a job sleeps through; after that a used-up quota counts as a failed attempt. */
const MAX_SLEEPS = 7;
const USED_UP: ReadonlySet<string> = new Set(["youtube-budget-used-up", "youtube-quota-exceeded"]);

/**
 * Does the work. When the quota of the day is used up, the job sleeps until the instant of the error, and does the work
 * again in the same attempt.
 */
export async function sleepUntilReset<T>(
  { progress, sleep }: Pick<JobContext, "progress" | "sleep">,
  work: () => Promise<T>,
): Promise<T> {
  for (let sleeps = 1; sleeps <= MAX_SLEEPS; sleeps++) {
    let until: Date;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RetryAfterError && USED_UP.has(error.code) && "at" in error.retryAfter)) throw error;
      until = error.retryAfter.at;
    }
    progress(0.2, "waiting for the YouTube quota of the next day");
    await sleep({ until }, `YouTube quota ${sleeps}`);
  }
  return work();
}
