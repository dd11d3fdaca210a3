import { carryOutErasures, type ErasuresPorts } from "../erasure/carry-out-erasures.ts";
import { deleteExpired, type ExpiredDocuments } from "../erasure/delete-expired.ts";
import { type DueJobsPorts, moveDueJobs } from "../jobs/sweep/due-jobs.ts";
import { handOverSleepingJobs, type SleepingJobsPorts } from "../jobs/sweep/sleeping-jobs.ts";
import type { Log } from "../kit/ports.ts";
import {
  type DueAlertsPorts,
  type DueDeliveriesPorts,
  type DueRecoveriesPorts,
  publishDueAlerts,
  publishDueDeliveries,
  publishDueRecoveries,
} from "../webhooks/sweep/due-deliveries.ts";
import { type DueResultsPorts, deliverDueResults } from "../webhooks/sweep/due-results.ts";

/** The ports of the sweep. */
export interface SweepPorts
  extends DueJobsPorts,
    DueResultsPorts,
    DueDeliveriesPorts,
    DueRecoveriesPorts,
    DueAlertsPorts,
    ErasuresPorts {
  jobs: DueJobsPorts["jobs"] & SleepingJobsPorts["jobs"];
  publisher: SleepingJobsPorts["publisher"] & DueDeliveriesPorts["publisher"];
  log: Log;
  /** Only where Firestore's TTL policies do not delete expired documents. */
  expired?: ExpiredDocuments;
  /**
   * How far ahead, in milliseconds, a run waits for the next attempt of a delivery: a little less than the time to the
   * next run.
   */
  lookAheadMs: number;
}

/** How far ahead jobs are handed over, as a part of `lookAheadMs`: to beyond the next run, which may begin late. */
const HAND_OVER_SHARE = 1.5;

/** The part of a run in which pages are begun: the next run begins after it. */
const RUN_MS = 55_000;

/**
 * One run of the sweep: moves everything that is due, in parallel. Each part goes as far as it gets; the run
 * rejects with the failures of its parts only after all parts have ended. Runs at the same time do no harm.
 */
export async function sweep(ports: SweepPorts): Promise<void> {
  const now = ports.clock.now();
  const endsAt = new Date(now.getTime() + RUN_MS);
  const by = new Date(now.getTime() + ports.lookAheadMs);
  const handOverBy = new Date(now.getTime() + ports.lookAheadMs * HAND_OVER_SHARE);
  const { expired } = ports;
  const parts = {
    jobs: moveDueJobs(ports, now, endsAt),
    sleepingJobs: handOverSleepingJobs(ports, now, handOverBy, endsAt),
    results: deliverDueResults(ports, now, endsAt),
    deliveries: publishDueDeliveries(ports, now, { by, endsAt }),
    recoveries: publishDueRecoveries(ports, now),
    alerts: publishDueAlerts(ports, now),
    erased: carryOutErasures(ports, now, endsAt),
    ...(expired && { expired: deleteExpired({ ...ports, expired }, now, endsAt) }),
  };
  const settled = await Promise.allSettled(Object.values(parts));
  const counts = Object.keys(parts).flatMap((part, index) => {
    const count = settled[index];
    return count?.status === "fulfilled" && count.value > 0 ? [[part, count.value] as const] : [];
  });
  if (counts.length > 0)
    ports.log.info("The sweep moved what was due.", { event: "sweep.moved", ...Object.fromEntries(counts) });
  const errors = settled.flatMap((part) => (part.status === "rejected" ? [part.reason] : []));
  if (errors.length > 0) throw failure(errors);
}

/** The scheduler's log shows the message only. */
function failure(errors: readonly unknown[]): Error {
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  const cause = errors.length > 1 ? new AggregateError(errors) : errors[0];
  return new Error(`${errors.length} parts of the sweep failed: ${messages.join("; ")}`, { cause });
}
