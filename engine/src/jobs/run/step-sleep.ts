import { z } from "zod";
import { type JobContext, PermanentError } from "../../job-types/define-job.ts";
import type { Clock } from "../../kit/ports.ts";
import type { Job } from "../rules/job.ts";
import { demandName, sleepsUntilMs } from "./call-arguments.ts";
import type { NamedSteps, StepRun } from "./named-steps.ts";
import type { StepPromises } from "./step-promise.ts";
import type { StepRecorder } from "./step-recorder.ts";

/** The part of a job's retention in which it may sleep; the rest is for its work after the last sleep. */
const SLEEPING_SHARE = 0.9;
const WakesAt = z.iso.datetime().transform((text) => new Date(text));

/** The parts of an invocation that its sleeps need. */
export interface SleepParts {
  clock: Clock;
  run: StepRun;
  once: NamedSteps;
  recorder: StepRecorder;
  promises: StepPromises;
}

/** Makes the handler's `sleep`. Its end is recorded like the output of a step, so that no attempt sleeps twice. */
export function sleepFunction({ clock, run, once, recorder, promises }: SleepParts): JobContext["sleep"] {
  const { job, lease, suspension } = run;
  let unnamedSleeps = 0;

  async function sleep(duration: unknown, name: unknown): Promise<void> {
    demandName(name);
    const until = await once(name, { output: WakesAt }, (open) => {
      open.isBeingRecorded = true;
      const wakesAt = wakeTime(job, sleepsUntilMs(duration, name, clock.now().getTime()), clock.now());
      return recorder.keep(name, wakesAt.toISOString());
    });
    if (until instanceof Date && until > clock.now()) await suspension.sleep(until, lease.signal);
  }

  return (duration, name) => promises.ignoreRejection(sleep(duration, name ?? `sleep ${++unnamedSleeps}`));
}

/** The end of a sleep, well before the first steps of the job expire. */
function wakeTime(job: Job, untilMs: number, now: Date): Date {
  const latestMs = (job.startedAt ?? now).getTime() + job.retentionMs * SLEEPING_SHARE;
  if (untilMs <= latestMs) return new Date(untilMs);
  const latest = `This job can sleep until ${new Date(latestMs).toISOString()}: its steps are not kept for longer.`;
  throw new PermanentError("sleep-too-long", `${latest} Submit another job with \`runAt\` instead.`);
}
