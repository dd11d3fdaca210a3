import type { DueJob } from "../core/due.ts";
import type { Clock } from "../core/ports.ts";
import { type DueJobsPorts, moveAll } from "./due-jobs.ts";

/** Jobs that are kept in mind at a time. */
const MAX_IN_MIND = 1000;
/** Jobs that are moved side by side when they are due at the same moment. */
const PAGE = 50;

/**
 * Stays up for the jobs whose time comes between `now` and `by`, moves each on when it does, and answers how many. With
 * none it ends at once. Only jobs that wait for their time are worth it: those that run are due within a minute, too, but
 * only if their worker is gone by then. Rejects when it cannot be known which there are.
 */
export async function moveSleepingJobs(ports: DueJobsPorts, now: Date, by: Date): Promise<number> {
  let moved = 0;
  for (let after = now; after < by; after = ports.clock.now()) {
    const sleeping = await ports.due.listSleeping(after, by, MAX_IN_MIND);
    if (sleeping.length === 0) return moved;
    moved += await moveInTurn(ports, sleeping);
  }
  return moved;
}

async function moveInTurn(ports: DueJobsPorts, sleeping: readonly DueJob[]): Promise<number> {
  let moved = 0;
  for (let next = 0; next < sleeping.length; ) {
    await until(ports.clock, sleeping[next]?.dueAt);
    const now = ports.clock.now();
    // None, when the timer came a little early: a job refuses to go on before its time.
    const awake = sleeping.slice(next, next + PAGE).filter(({ dueAt }) => dueAt <= now);
    moved += await moveAll(ports, awake, now);
    next += awake.length;
  }
  return moved;
}

async function until(clock: Clock, instant = new Date(0)): Promise<void> {
  const leftMs = instant.getTime() - clock.now().getTime();
  if (leftMs > 0) await new Promise<void>((resolve) => clock.after(leftMs, resolve));
}
