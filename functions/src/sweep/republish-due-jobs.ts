import type { Clock, JobStore, Log, Publisher } from "../core/ports.ts";
import { SHARDS } from "../core/shard.ts";

/** What the sweep works with. */
export interface SweepPorts {
  jobs: JobStore;
  publisher: Publisher;
  clock: Clock;
  log: Log;
}

/** Jobs of one shard that are looked at side by side. */
const PAGE = 50;

/**
 * Publishes the message of every job that is due again: one that could not be published, whose message was lost, whose
 * backoff is over, or whose worker is gone. Each gets its next `dueAt` before its message goes out, so that a sweep that
 * dies, or a publication that fails, is made up for by a later one; two sweeps at once do no harm. Throws when it cannot
 * be known what is due.
 */
export async function republishDueJobs(ports: SweepPorts): Promise<void> {
  const now = ports.clock.now();
  const shards = Array.from({ length: SHARDS }, (_, shard) => sweepShard(ports, shard, now));
  const republished = (await Promise.all(shards)).reduce((sum, count) => sum + count, 0);
  if (republished > 0) ports.log.info("Due jobs were published again.", { republished });
}

async function sweepShard(ports: SweepPorts, shard: number, now: Date): Promise<number> {
  let republished = 0;
  for (;;) {
    const due = await ports.jobs.listDue(shard, now, PAGE);
    const moved = await Promise.all(due.map((jobId) => republish(ports, jobId, now)));
    const count = moved.filter(Boolean).length;
    republished += count;
    // A page on which nothing moved was dealt with by another sweep at the same time.
    if (due.length < PAGE || count === 0) return republished;
  }
}

/** Never rejects: one job that cannot be read or published does not keep the others waiting. */
async function republish({ jobs, publisher, log }: SweepPorts, jobId: string, now: Date): Promise<boolean> {
  let isMoved = false;
  try {
    const answer = await jobs.apply(jobId, { kind: "republish" }, now);
    if (answer.outcome !== "moved") return false;
    isMoved = true;
    await publisher.publishJob(answer.job.queue, { jobId });
  } catch (error) {
    log.error("A due job was not published; a later sweep tries again.", { jobId, error });
  }
  return isMoved;
}
