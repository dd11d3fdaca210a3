import type { JobStore } from "../../../../engine/src/jobs/ports.ts";
import type { CleanUp } from "../../../../engine/src/jobs/rules/cancellation.ts";
import type { Job, JobResult } from "../../../../engine/src/jobs/rules/job.ts";
import type { Acceptance } from "../../../../engine/src/jobs/rules/submission.ts";
import { memoryJobStore } from "../../../../engine/src/testing/memory-job-store.ts";
import type { StoreFault } from "./script.ts";

/** A change of a job, and its cause: the kind of a command, `promote` or `submit`. */
export interface Move {
  by: string;
  /** The instant by the clock of the process that made the change. */
  at: Date;
  leaseId?: string;
  /** The outcome of the clean-up, when a worker says so. */
  cleanUp?: CleanUp;
  before?: Job;
  job: Job;
  result?: JobResult;
}

/** A store in memory that records its changes, and whose next `calls` calls can be made to break. */
export interface WatchedStore extends JobStore {
  moves: Move[];
  /** Every job as it is now, in the order of submission. */
  current: Map<string, Job>;
  acceptances: { owner: string; now: Date; answer: Acceptance }[];
  breakNext(fault: StoreFault, calls: number): void;
}

/** Makes an empty {@link WatchedStore}. */
export function watchedStore(): WatchedStore {
  const store = memoryJobStore();
  const moves: Move[] = [];
  const current = new Map<string, Job>();
  const acceptances: WatchedStore["acceptances"] = [];
  const note = (move: Move) => {
    moves.push(move);
    current.set(move.job.jobId, move.job);
  };
  let fault: StoreFault = "early";
  let calls = 0;

  async function call<T>(work: () => Promise<T>, tell: (answer: T) => void = () => undefined): Promise<T> {
    const broken = calls > 0 ? fault : undefined;
    calls = Math.max(0, calls - 1);
    if (broken === "early") throw new Error("the store cannot be reached");
    const answer = await work();
    tell(answer);
    if (broken === "late") throw new Error("the answer of the store was lost");
    return answer;
  }

  const apply: JobStore["apply"] = (jobId, event, now) =>
    call(
      () => store.apply(jobId, event, now),
      (answer) => {
        if (answer.outcome !== "moved") return;
        const { leaseId, cleanUp } = { leaseId: undefined, cleanUp: undefined, ...event };
        note({ by: event.kind, at: now, ...(leaseId && { leaseId }), ...(cleanUp && { cleanUp }), ...answer });
      },
    );

  return {
    ...store,
    moves,
    current,
    acceptances,
    breakNext(nextFault, nextCalls) {
      [fault, calls] = [nextFault, nextCalls];
    },
    submit: (submission, input, now) =>
      call(
        () => store.submit(submission, input, now),
        (answer) => {
          acceptances.push({ owner: submission.owner, now, answer });
          if (answer.outcome !== "accepted") return;
          note({ by: "submit", at: now, job: answer.job, ...(answer.result && { result: answer.result }) });
        },
      ),
    promote: (jobId, now) =>
      call(
        () => store.promote(jobId, now),
        (answer) => answer.outcome === "moved" && note({ by: "promote", at: now, ...answer }),
      ),
    apply,
    // Every call takes effect at once, and takes as long: what is noted is in the order in which it happened.
    claim: (jobId, lease, now) => apply(jobId, { kind: "claim", ...lease }, now),
    listDue: (shards, by, limit) => call(() => store.listDue(shards, by, limit)),
    listWaiting: (owner, limit) => call(() => store.listWaiting(owner, limit)),
    readNextInLane: (lane) => call(() => store.readNextInLane(lane)),
    listFollowers: (jobId, limit) => call(() => store.listFollowers(jobId, limit)),
  };
}
