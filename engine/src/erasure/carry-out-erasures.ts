import type { Engine } from "../jobs/engine.ts";
import type { Clock, Log } from "../kit/ports.ts";
import { sumOf } from "../kit/sum-of.ts";
import type { Erasure, Erasures } from "./ports.ts";

/** The ports of carrying out erasures. */
export interface ErasuresPorts {
  engine: Engine;
  clock: Clock;
  log: Log;
  erasures: Erasures;
}

/** Owners whose data is erased in parallel. */
const MAX_OWNERS = 10;
/** Jobs cancelled in parallel. */
const STOP_PAGE = 50;
/** Jobs, or other documents, erased at a time. */
const ERASE_PAGE = 20;
/** When to try again an erasure that failed, so that it does not keep those behind it waiting. */
const PUT_OFF_MS = 10 * 60_000;
/**
 * How long a function that read something before it was erased may still write about it. Only workers run for longer
 * than 60 s, and their writes need the job. An erasure ends with a run that finds nothing, at least this long after the
 * last that did.
 */
const SETTLE_MS = 90_000;

/**
 * Advances the erasures that are due at `now`: cancels the owner's jobs, deletes the final ones with all their
 * documents, and then the rest of the owner's data. Deletes the request in a run that finds nothing, at least 90 s
 * after the request and after the last run that found something: no function that read the data still writes by then.
 * The next run continues after `endsAt`, and while a worker has not stopped. Answers the number of erased jobs and
 * other documents; rejects when the due erasures cannot be read.
 */
export async function carryOutErasures(ports: ErasuresPorts, now: Date, endsAt: Date): Promise<number> {
  const due = await ports.erasures.listDue(now, MAX_OWNERS);
  return sumOf(due.map((erasure) => carryOut(ports, erasure, endsAt)));
}

async function carryOut(ports: ErasuresPorts, erasure: Erasure, endsAt: Date): Promise<number> {
  const { erasures, clock, log } = ports;
  try {
    await stopJobs(ports, erasure, endsAt);
    // Read before erasing: a job that becomes final from here on is erased by the next run.
    const haveAllEnded = (await erasures.listUnended(erasure, 1)).length === 0;
    const jobs = await eraseAll(ports, (limit) => erasures.eraseJobs(erasure, limit), endsAt);
    const rest = await eraseAll(ports, (limit) => erasures.eraseRest(erasure, limit), endsAt);
    const next = haveAllEnded ? await finish(ports, erasure, jobs + rest, endsAt) : clock.now();
    if (next) await erasures.putOff(erasure, next);
    return jobs + rest;
  } catch (error) {
    log.error("An erasure came no further; a later sweep continues it.", {
      event: "erasure.failed",
      owner: erasure.owner,
      error,
    });
    await erasures.putOff(erasure, new Date(clock.now().getTime() + PUT_OFF_MS));
    return 0;
  }
}

/** Finishes an erasure that has nothing left, or answers when to look again. */
async function finish(
  { erasures, clock }: ErasuresPorts,
  erasure: Erasure,
  erased: number,
  endsAt: Date,
): Promise<Date | undefined> {
  const now = clock.now();
  if (now >= endsAt) return now;
  const settled = new Date((erased > 0 ? now : erasure.requestedAt).getTime() + SETTLE_MS);
  if (settled > now) return settled;
  await erasures.finish(erasure, now);
  return undefined;
}

/** Cancels jobs: a waiting one is final at once, a running one when its worker stops or after its grace period. */
async function stopJobs(ports: ErasuresPorts, erasure: Erasure, endsAt: Date): Promise<void> {
  for (;;) {
    const jobIds = await ports.erasures.listUnended(erasure, STOP_PAGE);
    const ended = await sumOf(jobIds.map((jobId) => stopJob(ports, jobId)));
    // A page in which no job became final is full of jobs that are still stopping.
    if (jobIds.length < STOP_PAGE || ended === 0 || ports.clock.now() >= endsAt) return;
  }
}

/** Never rejects: a job that cannot be stopped keeps the request waiting, not the other jobs. */
async function stopJob(ports: ErasuresPorts, jobId: string): Promise<number> {
  try {
    const answer = await ports.engine.move(jobId, { kind: "cancel" });
    return answer.outcome === "moved" && answer.job.finishedAt !== undefined ? 1 : 0;
  } catch (error) {
    ports.log.error("A job that is to be erased was not stopped; a later sweep tries again.", {
      event: "erasure.job-not-stopped",
      jobId,
      error,
    });
    return 0;
  }
}

async function eraseAll(
  { clock }: ErasuresPorts,
  erasePage: (limit: number) => Promise<number>,
  endsAt: Date,
): Promise<number> {
  for (let erased = 0; ; ) {
    const count = await erasePage(ERASE_PAGE);
    erased += count;
    if (count === 0 || clock.now() >= endsAt) return erased;
  }
}
