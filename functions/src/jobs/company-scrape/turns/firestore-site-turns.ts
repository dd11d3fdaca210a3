import { type Log, read, retryConflicts } from "@baton/engine/kit";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import { COLLECTIONS } from "../../../collections.ts";
import { askForTurn, leaveQueue, type SiteQueue } from "./site-queue.ts";
import type { SiteTurns } from "./site-turns.ts";

const Instant = z.instanceof(Timestamp).transform((at) => at.toDate());
/** The document `scrapeSites/{domain}`. */
const StoredQueue = z.object({ jobs: z.array(z.object({ jobId: z.string(), until: Instant })) });

const KEPT_MS = 24 * 3_600_000;

/** Turns by a queue in Firestore, one document a site. Each change is a conditional write. */
export function firestoreSiteTurns(db: Firestore, log: Log, now: () => Date): SiteTurns {
  /** Writes what `change` makes of the queue, and gives its answer. */
  const update = <T>(domain: string, change: (queue: SiteQueue) => { queue: SiteQueue; answer: T }) =>
    retryConflicts(async () => {
      const ref = db.collection(COLLECTIONS.scrapeSites).doc(domain);
      const { value, updateTime } = await read(true, ref, (found) => StoredQueue.parse(found).jobs);
      const { queue, answer } = change(value ?? []);
      const fields = {
        jobs: queue.map(({ jobId, until }) => ({ jobId, until: Timestamp.fromDate(until) })),
        expireAt: Timestamp.fromMillis(now().getTime() + KEPT_MS),
      };
      await (updateTime ? ref.update(fields, { lastUpdateTime: updateTime }) : ref.create(fields));
      return answer;
    });

  return {
    ask: (domain, jobId) =>
      update(domain, (before) => {
        const { turn, queue } = askForTurn(before, jobId, now());
        return { queue, answer: turn };
      }),
    async leave(domain, jobId) {
      try {
        await update(domain, (before) => ({ queue: leaveQueue(before, jobId), answer: undefined }));
      } catch (error) {
        log.warn("A turn of a site was not given back; it ends after five minutes.", {
          event: "site.turn-kept",
          ...{ domain, jobId, error },
        });
      }
    },
  };
}
