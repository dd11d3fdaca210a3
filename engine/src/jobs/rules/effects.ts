/**
 * The work that follows once a rule's answer is stored; the rule names it, and no caller infers it. A process that dies
 * in between loses only time: the sweep repairs each of these, since the job that needs it has a `dueAt`.
 */
export type Effect =
  /** The job's message is published to its queue: a worker is to claim it. */
  | { kind: "publish" }
  /** The job is looked at again at this instant. */
  | { kind: "wake"; at: Date };

/** The job is to be claimed at `at`, or at once when there is no such instant, or it has passed. */
export function runFrom(at: Date | undefined, now: Date): Effect {
  return at && at > now ? { kind: "wake", at } : { kind: "publish" };
}
