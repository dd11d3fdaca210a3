import assert from "node:assert/strict";
import type { Job } from "../../../engine/src/jobs/rules/job.ts";
import { type JobCommand, transition } from "../../../engine/src/jobs/rules/transitions.ts";

/** An instant of the first day, by its time. */
export const at = (time: string) => new Date(`2026-01-01T${time}Z`);

/** Creation of the jobs of these tests. */
export const T0 = at("00:00:00.000");

/** A claim for a minute. */
export const claimBy = (leaseId: string): JobCommand => ({ kind: "claim", leaseId, leaseMs: 60_000 });

/** A failure of the attempt of lease `a`, to be tried again a minute after {@link T0}. */
export const boom = {
  kind: "fail",
  leaseId: "a",
  error: { code: "boom", message: "It broke." },
  isPermanent: false,
  retryAt: at("00:01:00.000"),
} as const;

/** The same failure under any lease. */
export const failWith = (leaseId: string, isPermanent = false): JobCommand => ({
  ...boom,
  leaseId,
  isPermanent,
});

/** Plays events at one instant, each of which must move the job. */
export function play(job: Job, events: JobCommand[], now = T0): Job {
  return events.reduce((current, event) => {
    const answer = transition(current, event, now);
    assert.equal(answer.outcome, "moved", `${event.kind} should move a ${current.status} job`);
    return answer.job;
  }, job);
}
