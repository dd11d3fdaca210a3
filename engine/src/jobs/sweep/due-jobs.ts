import type { Clock, Log } from "../../kit/ports.ts";
import { ALL_SHARDS } from "../../kit/shard.ts";
import { sumOf } from "../../kit/sum-of.ts";
import type { Engine } from "../engine.ts";
import type { DueJob, JobStore } from "../ports.ts";
import type { Job } from "../rules/job.ts";

/** The ports of moving due jobs. */
export interface DueJobsPorts {
  engine: Engine;
  clock: Clock;
  log: Log;
  jobs: Pick<JobStore, "listDue" | "putOff">;
}

/** Ids that are asked for at a time, of all shards or of one. */
const PAGE = 250;
/**
 * Jobs of one shard that are moved side by side. With 16 shards it bounds what one run has in flight, and in memory.
 */
const SIDE_BY_SIDE = 50;
/**
 * How long one job may keep its page waiting. A worker that dies within a transaction leaves its locks: a writer of
 * that job then waits up to a minute (https://firebase.google.com/docs/firestore/quotas: idle transactions expire after
 * 60 s).
 */
const MAX_MOVE_MS = 5000;
/**
 * When to try again a job that could not be moved: late enough that many such jobs do not fill the pages of every run.
 */
const PUT_OFF_MS = 5 * 60_000;

/**
 * Moves on every job that is due at `now`: one that waits goes as far as it gets, the message of any other is published
 * again. Each gets its next `dueAt` before its message goes out, so a later run repairs one that dies, and
 * two runs at once do no harm. Begins nothing after `endsAt`. Answers how many jobs moved; rejects when it cannot be
 * known what is due.
 */
export async function moveDueJobs(ports: DueJobsPorts, now: Date, endsAt: Date): Promise<number> {
  // Mostly there are few: one query over all shards then does for all.
  const first = await ports.jobs.listDue(ALL_SHARDS, now, PAGE);
  const { moved, isOver } = await movePage(ports, first, now, endsAt);
  if (first.length < PAGE || isOver) return moved;
  return moved + (await sumOf(ALL_SHARDS.map((shard) => moveShard(ports, shard, now, endsAt))));
}

async function moveShard(ports: DueJobsPorts, shard: number, now: Date, endsAt: Date): Promise<number> {
  for (let sum = 0; ; ) {
    const page = await ports.jobs.listDue([shard], now, PAGE);
    const { moved, isOver } = await movePage(ports, page, now, endsAt);
    sum += moved;
    // A page on which nothing moved would come again as it is.
    if (page.length < PAGE || moved === 0 || isOver) return sum;
  }
}

async function movePage(ports: DueJobsPorts, page: readonly DueJob[], now: Date, endsAt: Date) {
  for (let [next, moved] = [0, 0]; ; ) {
    moved += await moveAll(ports, page.slice(next, next + SIDE_BY_SIDE), now);
    next += SIDE_BY_SIDE;
    const isOver = ports.clock.now() >= endsAt;
    if (next >= page.length || isOver) return { moved, isOver };
  }
}

/**
 * Moves due jobs side by side; answers how many are not due at `now` any more. Where one still waits for a slot, the
 * first of its queue is promoted: the process that was to do it may have died. Never rejects.
 */
async function moveAll(ports: DueJobsPorts, page: readonly DueJob[], now: Date): Promise<number> {
  const waiting = new Map<string, Job>();
  const moved = await Promise.all(page.map((job) => atMost(ports, job, moveOne(ports, job, now, waiting))));
  await Promise.all(
    [...waiting.values()].map((job) => atMost(ports, job, ports.engine.perform(job, [{ kind: "fill-slots" }]))),
  );
  return moved.filter(Boolean).length;
}

/** Stops waiting for a job that takes too long; its work may still be done. */
function atMost<T>({ clock, log }: DueJobsPorts, { jobId }: { jobId: string }, moving: Promise<T>): Promise<T | false> {
  return new Promise((resolve) => {
    const stop = clock.after(MAX_MOVE_MS, () => {
      log.warn("A due job took too long; a later sweep looks again.", { event: "sweep.job-late", jobId });
      resolve(false);
    });
    void moving.then((isMoved) => {
      stop();
      resolve(isMoved);
    });
  });
}

/**
 * One job that cannot be read, moved or published does not keep the others waiting. Notes one job of each owner in
 * `waiting`.
 */
async function moveOne(ports: DueJobsPorts, due: DueJob, now: Date, waiting: Map<string, Job>): Promise<boolean> {
  const { jobId } = due;
  try {
    if (!isWaiting(due)) return await republish(ports, jobId);
    const job = await ports.engine.promote(jobId);
    if (job?.waitingFor === "slot") waiting.set(job.owner, job);
    return !job?.dueAt || job.dueAt > now;
  } catch (error) {
    ports.log.error("A due job was not moved on; a later sweep tries again.", {
      event: "sweep.job-not-moved",
      jobId,
      error,
    });
    return putOff(ports, jobId);
  }
}

/** True for a due job that `promote` moves on: it waits for something other than its message. */
export function isWaiting({ status, waitingFor }: DueJob): boolean {
  return status === "pending" && waitingFor !== "unpublished";
}

async function republish(ports: DueJobsPorts, jobId: string): Promise<boolean> {
  const answer = await ports.engine.move(jobId, { kind: "republish" });
  return answer.outcome === "moved";
}

async function putOff({ jobs, clock, log }: DueJobsPorts, jobId: string): Promise<boolean> {
  try {
    const now = clock.now();
    await jobs.putOff(jobId, now, new Date(now.getTime() + PUT_OFF_MS));
    return true;
  } catch (error) {
    log.error("A due job was not put off; the next sweep meets it again.", {
      event: "sweep.job-not-put-off",
      jobId,
      error,
    });
    return false;
  }
}
