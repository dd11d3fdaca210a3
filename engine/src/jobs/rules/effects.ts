import { isLeading } from "./cache-entry.ts";
import type { Job } from "./job.ts";

/**
 * Work that follows once a rule's answer is stored. The rule returns it, and no caller infers it. A process that dies in
 * between loses only time: the sweep repairs each of these, since a job that needs it has a `dueAt`.
 */
export type Effect =
  /** Publishes the job's message to its queue: a worker is to claim it. */
  | { kind: "publish" }
  /** Looks at the job again at this instant. */
  | { kind: "wake"; at: Date }
  /** Looks at the job again at once: what it now waits for may have come free just before it was stored. */
  | { kind: "recheck" }
  /** Gives the owner's free slots to the first of the owner's jobs that wait for one. */
  | { kind: "fill-slots" }
  /** Promotes the next job of this lane. */
  | { kind: "promote-lane"; lane: string }
  /** Promotes the jobs that wait for this one's result. */
  | { kind: "promote-followers" }
  /** Publishes the job to the dead letters: it used up its attempts. */
  | { kind: "publish-dead-letter" }
  /** Deletes the files of the cancelled job. */
  | { kind: "delete-files" };

/** The effect that has the job claimed at `at`, or at once when there is no such instant, or it has passed. */
export function runFrom(at: Date | undefined, now: Date): Effect {
  return at && at > now ? { kind: "wake", at } : { kind: "publish" };
}

/**
 * The effects of the difference between two states of a job, whatever command made it. `turnsAhead` is that of
 * `Promotion`.
 */
export function effectsBetween(before: Job, job: Job, turnsAhead = 0): Effect[] {
  const effects: Effect[] = [];
  if (before.ticket !== undefined && job.ticket === undefined) effects.push({ kind: "fill-slots" });
  const leftLane = before.laneTicket !== undefined && job.laneTicket === undefined;
  if (leftLane && job.lane !== undefined) effects.push({ kind: "promote-lane", lane: job.lane });
  if (before.isCacheLeader && !isLeading(job)) effects.push({ kind: "promote-followers" });
  if (before.finishedAt === undefined && isExhausted(job)) effects.push({ kind: "publish-dead-letter" });
  if (before.finishedAt === undefined && job.status === "cancelled" && job.attempt > 0)
    effects.push({ kind: "delete-files" });
  // Far behind in its queue a job waits for others that wait, and is promoted after them.
  if (beginsToWait(before, job) && turnsAhead <= 1) effects.push({ kind: "recheck" });
  return effects;
}

/** True for a job that newly waits for another job. */
function beginsToWait(before: Job, { status, waitingFor, sharesResultOf }: Job): boolean {
  const isForAnother = waitingFor === "lane" || waitingFor === "result" || waitingFor === "slot";
  const isNew = waitingFor !== before.waitingFor || sharesResultOf !== before.sharesResultOf;
  return status === "pending" && isForAnother && isNew;
}

/** True for a job that failed with no attempt left. One whose message was given up is a dead letter already. */
function isExhausted({ status, attempt, maxAttempts, error }: Job): boolean {
  return status === "failed" && attempt >= maxAttempts && error?.code !== "undeliverable";
}
