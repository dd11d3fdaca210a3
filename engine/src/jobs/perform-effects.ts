import type { EnginePorts } from "./move-job.ts";
import type { Effect } from "./rules/effects.ts";
import type { Job } from "./rules/job.ts";
import { WAKE_WITHIN_MS } from "./rules/timing.ts";

/** How long a job waits for the sweep when Pub/Sub did not take its message. */
const REPUBLISH_AFTER_MS = 30_000;

/** Performs the effects of a move, of which `publish` comes first; answers the job as it is then. Never rejects. */
export async function perform(ports: EnginePorts, job: Job, effects: readonly Effect[]): Promise<Job> {
  const performed = effects.map((effect) =>
    effect.kind === "publish" ? publishJob(ports, job) : wakeAt(ports, job, effect.at),
  );
  return (await Promise.all(performed)).at(0) ?? job;
}

/** Has a job looked at again at an instant that is near; the sweep sees to one that is further away, or whose message is lost. */
async function wakeAt({ publisher, clock, log }: EnginePorts, job: Job, at: Date): Promise<Job> {
  const { jobId } = job;
  if (at.getTime() - clock.now().getTime() > WAKE_WITHIN_MS) return job;
  try {
    await publisher.publishWake({ jobId, at: at.toISOString() });
  } catch (error) {
    log.warn("A job that waits will be late: its wake was not published. The sweep moves it on.", { jobId, error });
  }
  return job;
}

/** Publishes a queued job; when Pub/Sub does not take it, holds it for the sweep. Answers the job as it is then. Never rejects. */
async function publishJob(ports: EnginePorts, job: Job): Promise<Job> {
  const { jobId, queue, traceparent } = job;
  try {
    await ports.publisher.publishJob(queue, { jobId, ...(traceparent !== undefined && { traceparent }) });
    return job;
  } catch (error) {
    ports.log.warn("A job was stored but not published; the sweep will publish it.", { jobId, queue, error });
  }
  // Whatever happens here, the job is stored and has a `dueAt`.
  let held = job;
  try {
    const now = ports.clock.now();
    const dueAt = new Date(now.getTime() + REPUBLISH_AFTER_MS);
    const answer = await ports.jobs.apply(jobId, { kind: "deferPublish", dueAt }, now);
    if (answer.outcome !== "not-found") held = answer.job;
  } catch (error) {
    ports.log.error("A job that was not published could not be held, either; the sweep looks after it.", {
      jobId,
      error,
    });
  }
  return held;
}
