import type { DueResultStore } from "../../jobs/due.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import type { DeliveryPublisher } from "../ports.ts";

/** What looking after results needs. */
export interface DueResultsPorts {
  results: DueResultStore;
  publisher: DeliveryPublisher;
  clock: Clock;
  log: Log;
}

const PAGE = 100;

/**
 * Asks `deliver` to tell whoever is to be told of a result, for every result that is due at `now`: no deliveries were made for
 * it, so its event may be lost. The next look is set before the message goes out, so that a message that is lost as well is made up for later.
 * Begins no page after `endsAt`. Answers how many; rejects when it cannot be known what is due.
 */
export async function deliverDueResults(ports: DueResultsPorts, now: Date, endsAt: Date): Promise<number> {
  for (let count = 0; ; ) {
    const jobIds = await ports.results.takeDue(now, PAGE);
    await Promise.all(jobIds.map((jobId) => publish(ports, jobId)));
    count += jobIds.length;
    if (jobIds.length < PAGE || ports.clock.now() >= endsAt) return count;
  }
}

async function publish({ publisher, log }: DueResultsPorts, jobId: string): Promise<void> {
  try {
    await publisher.publishDelivery({ jobId });
  } catch (error) {
    // It asks for another look, until a week after the job ended.
    log.error("A result's delivery was not published; a later sweep tries again.", { jobId, error });
  }
}
