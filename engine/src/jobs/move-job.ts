import { groupCommit } from "../kit/group-commit.ts";
import type { Clock, Log } from "../kit/ports.ts";
import { perform } from "./perform-effects.ts";
import type { JobPublisher, JobStore } from "./ports.ts";
import { isLeading } from "./rules/cache-entry.ts";
import type { Effect } from "./rules/effects.ts";
import type { Job } from "./rules/job.ts";
import type { JobCommand, Transition } from "./rules/transitions.ts";

/** What moving a job, and those that wait for it, needs. */
export interface EnginePorts {
  jobs: JobStore;
  publisher: JobPublisher;
  clock: Clock;
  log: Log;
}

/** Waiting jobs looked at together when one ends. More than one, because others that ended at the same moment look, too. */
const MAX_SUCCESSORS = 3;
/** Ends of one owner's jobs that are followed up together. */
const MAX_GROUP = 1000;
/** Jobs that wait for one result and are told of it at a time. */
const MAX_FOLLOWERS = 20;

/**
 * Applies an event to a job, and does what follows from it: see `followUp`. The event itself is atomic; what follows is
 * made up for by the sweep when this process dies. Throws when the store cannot be reached before the event is applied.
 */
export async function moveJob(
  ports: EnginePorts,
  jobId: string,
  event: JobCommand,
): Promise<Transition | { outcome: "not-found" }> {
  const answer = await ports.jobs.apply(jobId, event, ports.clock.now());
  if (answer.outcome === "moved") await followUp(ports, answer);
  return answer;
}

/**
 * Takes a pending job as far as it gets, and publishes it when that is the queue. Answers the job as it is afterwards;
 * undefined when there is none.
 */
export async function promoteJob(ports: EnginePorts, jobId: string): Promise<Job | undefined> {
  const answer = await ports.jobs.promote(jobId, ports.clock.now());
  if (answer.outcome === "not-found") return undefined;
  if (answer.outcome === "refused") return answer.job;
  await followUp(ports, answer);
  return lookIfWaitIsNew(ports, answer);
}

/** Looks once more at a job that begins to wait for something else: what it waits for may have come free just before. Never rejects. */
function lookIfWaitIsNew(ports: EnginePorts, { before, job, turnsAhead: rounds }: MovedJob): Promise<Job> {
  const isNew = job.waitingFor !== before.waitingFor || job.sharesResultOf !== before.sharesResultOf;
  return isNew ? recheckWaiting(ports, job, rounds) : Promise.resolve(job);
}

/** Takes a job whose time has come as far as it gets, whatever it waited for. One that is not due any more stays as it is. */
export async function recheckJob(ports: EnginePorts, jobId: string): Promise<void> {
  const answer = await moveJob(ports, jobId, { kind: "republish" });
  if (answer.outcome === "refused" && answer.reason === "not-applicable") await promoteJob(ports, jobId);
}

/** A job that moved, and what its rule says has to follow. */
interface MovedJob {
  before: Job;
  job: Job;
  effects: readonly Effect[];
  /** See `Moved` of the rule `advance`. */
  turnsAhead?: number;
}

/**
 * Does what has to follow a job's move: the effects its rule gave. A job that left its slot, for a while or for good,
 * wakes the next of its owner. One that ended also wakes the next of its lane. One that leads no more tells the jobs
 * that wait for its result. Never rejects: a failure here is logged, and the sweep repairs it.
 */
export async function followUp(ports: EnginePorts, { before, job, effects }: MovedJob): Promise<void> {
  const leftLine = before.ticket !== undefined && job.ticket === undefined;
  const stoppedLeading = before.isCacheLeader && !isLeading(job);
  await Promise.all([
    perform(ports, job, effects),
    leftLine && fillOwnerSlots(ports, job),
    leaveLane(ports, before, job),
    stoppedLeading && guarded(ports, job, () => tellFollowers(ports, job)),
    hasNowEnded(before, job) && isExhausted(job) && publishDeadLetter(ports, job),
  ]);
}

/**
 * Looks once more after a job was stored as waiting: the one it waits for may have ended, and looked, just before. Far behind in its
 * line (`rounds`, see `Moved`) it waits for others that wait, and is woken after them.
 */
export async function recheckWaiting(ports: EnginePorts, job: Job, rounds = 0): Promise<Job> {
  if (rounds > 1 || job.status !== "pending" || job.waitingFor === "time" || job.waitingFor === "unpublished")
    return job;
  let found: Job | undefined;
  await guarded(ports, job, async () => {
    found = await promoteJob(ports, job.jobId);
  });
  return found ?? job;
}

/** Wakes the first of an owner's waiting jobs, as far as there are slots. Never rejects. */
export async function fillOwnerSlots(ports: EnginePorts, job: Job): Promise<void> {
  await guarded(ports, job, async () => {
    const moved = await wakerOf(ports)(job.owner, ports);
    // Only now: the next of a lane may leave its slot as well, and ask for this very waker.
    await Promise.all(moved.flatMap((each) => [leaveLane(ports, each.before, each.job), lookIfWaitIsNew(ports, each)]));
  });
}

type Waker = (owner: string, ports: EnginePorts) => Promise<readonly MovedJob[]>;

/** What wakes the jobs of a store: those who want to wake one owner's at the same moment have it done once for all of them. */
const wakers = new WeakMap<JobStore, Waker>();

function wakerOf({ jobs }: EnginePorts): Waker {
  const known = wakers.get(jobs);
  if (known) return known;
  const wakeOnce = async (owner: string, asked: readonly EnginePorts[]) => {
    const [first] = asked;
    const moved = first ? await fillSlots(first, owner) : [];
    // One of them does for all what follows.
    return asked.map((_, index) => (index === 0 ? moved : []));
  };
  // All ask for the same: what fails for one fails for each.
  const waker = groupCommit<EnginePorts, readonly MovedJob[]>(MAX_GROUP, wakeOnce, () => true);
  wakers.set(jobs, waker);
  return waker;
}

/** Answers which jobs moved. They are published already; one that found a result has left its lane, too. */
async function fillSlots(ports: EnginePorts, owner: string): Promise<MovedJob[]> {
  const moved: MovedJob[] = [];
  for (let isMore = true; isMore; ) {
    const waiting = await ports.jobs.listWaiting(owner, MAX_SUCCESSORS);
    for (const jobId of waiting) {
      const answer = await ports.jobs.promote(jobId, ports.clock.now());
      // The first that still has to wait speaks for all behind it.
      if (answer.outcome !== "not-found" && answer.job.waitingFor === "slot") return moved;
      if (answer.outcome !== "moved") continue;
      moved.push(answer);
      await perform(ports, answer.job, answer.effects);
    }
    // Other processes may have let the same ones go on; there may be slots for more.
    isMore = waiting.length === MAX_SUCCESSORS;
  }
  return moved;
}

/** Wakes the next of its lane when a job left it. Never rejects. */
async function leaveLane(ports: EnginePorts, before: Job, job: Job): Promise<void> {
  const { lane } = job;
  if (lane === undefined || before.laneTicket === undefined || job.laneTicket !== undefined) return;
  await guarded(ports, job, async () => {
    const next = await ports.jobs.readNextTurn(lane);
    if (next !== undefined) await promoteJob(ports, next);
  });
}

/** Side by side when there is a result. When there is none, the first of them runs in its place, and the others wait for that one. */
async function tellFollowers(ports: EnginePorts, { jobId, status }: Job): Promise<void> {
  for (;;) {
    const followers = await ports.jobs.listFollowers(jobId, MAX_FOLLOWERS);
    const told: (Job | undefined)[] = [];
    if (status === "completed") told.push(...(await Promise.all(followers.map((each) => promoteJob(ports, each)))));
    else for (const each of followers) told.push(await promoteJob(ports, each));
    // A job that leads again keeps those it has.
    const hasLost = told.some((follower) => follower?.sharesResultOf !== jobId);
    if (followers.length < MAX_FOLLOWERS || !hasLost) return;
  }
}

function hasNowEnded(before: Job, job: Job): boolean {
  return job.finishedAt !== undefined && before.finishedAt === undefined;
}

/** True for a job that failed with no attempt left. One whose message was given up is a dead letter already. */
function isExhausted({ status, attempt, maxAttempts, error }: Job): boolean {
  return status === "failed" && attempt >= maxAttempts && error?.code !== "undeliverable";
}

/** The job's result is what counts; a dead letter that is lost is only missing from the list that operators look at. */
async function publishDeadLetter({ publisher, log }: EnginePorts, job: Job): Promise<void> {
  try {
    await publisher.publishDeadLetter(job);
  } catch (error) {
    log.error("A job without attempts left was not published as a dead letter.", { jobId: job.jobId, error });
  }
}

async function guarded({ log }: EnginePorts, { jobId }: Job, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error("What follows from a job's move did not happen; the sweep makes up for it.", { jobId, error });
  }
}
