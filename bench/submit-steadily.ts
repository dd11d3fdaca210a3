import { setTimeout as pause } from "node:timers/promises";

/**
 * Submits jobs at an even pace, however long each submission takes; `Infinity` a second submits all at once. Answers
 * the jobs' ids in the order of submission. Rejects, after the last submission, when one was refused.
 */
export async function submitSteadily(
  submit: (n: number) => Promise<string>,
  count: number,
  perSecond: number,
): Promise<string[]> {
  const submissions: Promise<string | Error>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < count; n++) {
    await pause(Math.max(0, startedAt + (n * 1000) / perSecond - performance.now()));
    submissions.push(submit(n).catch((error: unknown) => new Error("a job was not submitted", { cause: error })));
  }
  const answers = await Promise.all(submissions);
  return answers.map((answer) => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
}
