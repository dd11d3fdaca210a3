import type { ResultStore } from "../../jobs/ports.ts";
import type { Clock } from "../../kit/ports.ts";
import { type PublishPorts, publishOrLeave } from "../publish-or-leave.ts";

/** The ports that finding due results needs. */
export interface DueResultsPorts extends PublishPorts {
  results: Pick<ResultStore, "takeDue">;
  clock: Clock;
}

const PAGE = 100;

/**
 * Asks `deliver` to announce every result that is due at `now`: its event may be lost, or Pub/Sub took nothing.
 * The next look is set before the message is published, so that a lost message is repeated, until a week after the job
 * became final. Begins no page after `endsAt`. Answers how many results it published; rejects when the store is
 * unreachable.
 */
export async function deliverDueResults(ports: DueResultsPorts, now: Date, endsAt: Date): Promise<number> {
  for (let count = 0; ; ) {
    const jobIds = await ports.results.takeDue(now, PAGE);
    await Promise.all(jobIds.map((jobId) => publishOrLeave(ports, { jobId }, "error")));
    count += jobIds.length;
    if (jobIds.length < PAGE || ports.clock.now() >= endsAt) return count;
  }
}
