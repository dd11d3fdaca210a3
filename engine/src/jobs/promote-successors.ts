import { groupCommit } from "../kit/group-commit.ts";
import type { Clock } from "../kit/ports.ts";
import type { Engine } from "./engine.ts";
import type { JobStore } from "./ports.ts";
import type { Effect } from "./rules/effects.ts";
import type { Job } from "./rules/job.ts";

/** The ports of promoting jobs that waited for others. */
interface SuccessorPorts {
  jobs: Pick<JobStore, "promote" | "listWaiting" | "readNextInLane" | "listFollowers">;
  clock: Clock;
  engine: Pick<Engine, "promote" | "perform">;
}

/** Promotes the jobs that waited for one that has left its slot, its lane, or its lead. */
export interface Successors {
  /** Gives the free slots of the job's owner to the first jobs that wait for one. */
  fillSlots(job: Job): Promise<void>;
  promoteLane(lane: string): Promise<void>;
  promoteFollowers(job: Job): Promise<void>;
}

/**
 * Waiting jobs read together when a slot comes free. More than one, because others that became final at that moment
 * read, too.
 */
const MAX_SUCCESSORS = 3;
/** Calls for one owner's free slots that are answered together. */
const MAX_GROUP = 1000;
/** Jobs that wait for one result and are promoted at a time. */
const MAX_FOLLOWERS = 20;

/** A stored promotion, and the effects that are not performed yet. */
interface Open {
  job: Job;
  effects: readonly Effect[];
}

/**
 * The successors of one process: callers that fill the slots of one owner at the same moment have it done once for all.
 */
export function successorsOf(ports: SuccessorPorts): Successors {
  const fillTogether = groupCommit<Job, readonly Open[]>(
    MAX_GROUP,
    async (owner, callers) => {
      const open = await fillOwnerSlots(ports, owner);
      // One of the callers performs for all of them.
      return callers.map((_, index) => (index === 0 ? open : []));
    },
    () => true,
  );
  return {
    async fillSlots(job) {
      const open = await fillTogether(job.owner, job);
      // Only now: the next of a lane may leave its slot as well, and ask for this very group.
      await Promise.all(open.map(({ job: promoted, effects }) => ports.engine.perform(promoted, effects)));
    },
    async promoteLane(lane) {
      const next = await ports.jobs.readNextInLane(lane);
      if (next !== undefined) await ports.engine.promote(next);
    },
    promoteFollowers: (job) => promoteFollowers(ports, job),
  };
}

/** Promotes the owner's waiting jobs while there are slots, and publishes them; answers the effects that are left. */
async function fillOwnerSlots(ports: SuccessorPorts, owner: string): Promise<Open[]> {
  const open: Open[] = [];
  for (let isMore = true; isMore; ) {
    const waiting = await ports.jobs.listWaiting(owner, MAX_SUCCESSORS);
    // Other processes may have promoted the same ones; there may be slots for more.
    isMore = waiting.length === MAX_SUCCESSORS;
    for (const jobId of waiting) {
      const answer = await ports.jobs.promote(jobId, ports.clock.now());
      // The first that still has to wait speaks for all behind it.
      if (answer.outcome !== "not-found" && answer.job.waitingFor === "slot") return open;
      if (answer.outcome !== "moved") continue;
      await ports.engine.perform(answer.job, answer.effects.filter(isMessage));
      // One that needs no slot after all leaves its ticket to a job that may have come since.
      if (answer.effects.some(isSlotEffect)) isMore = true;
      const left = answer.effects.filter((effect) => !isMessage(effect) && !isSlotEffect(effect));
      open.push({ job: answer.job, effects: left });
    }
  }
  return open;
}

function isMessage({ kind }: Effect): boolean {
  return kind === "publish" || kind === "wake";
}

function isSlotEffect({ kind }: Effect): boolean {
  return kind === "fill-slots";
}

/**
 * Side by side when there is a result. When there is none, the first of them runs in its place, and the others wait for
 * that one.
 */
async function promoteFollowers({ jobs, engine }: SuccessorPorts, { jobId, status }: Job): Promise<void> {
  for (;;) {
    const followers = await jobs.listFollowers(jobId, MAX_FOLLOWERS);
    const promoted: (Job | undefined)[] = [];
    if (status === "completed") promoted.push(...(await Promise.all(followers.map((each) => engine.promote(each)))));
    else for (const each of followers) promoted.push(await engine.promote(each));
    // A job that leads again keeps those it has.
    const hasLost = promoted.some((follower) => follower?.sharesResultOf !== jobId);
    if (followers.length < MAX_FOLLOWERS || !hasLost) return;
  }
}
