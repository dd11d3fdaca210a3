import type { JobResult } from "../../jobs/rules/job.ts";
import { allEnded } from "../../kit/all-ended.ts";
import { type NotifyPorts, notifyResult } from "./notify-result.ts";

/** The ports of announcing a result. */
export interface AnnouncePorts extends NotifyPorts {
  /** Publishes the end of a job for other services; absent where no events are published. */
  events?: {
    /** True where the end of this job is an event. */
    tellsEnd(result: JobResult): boolean;
    /** Resolves once Pub/Sub has the event; rejects when it does not take it. */
    tellEnd(result: JobResult): Promise<void>;
  };
}

/**
 * Announces a final job: to its subscribers by webhooks, and to other services by an event, side by side. Neither waits
 * for the other to succeed. A result that is due stays due, so that the sweep asks again, until both have what they need;
 * repeats create no delivery twice, but may publish the event again. Rejects when a delivery could not be stored, or the
 * event not published.
 */
export async function announceResult(ports: AnnouncePorts, result: JobResult): Promise<void> {
  const { events } = ports;
  // The deliveries' own commit clears `dueAt`: without an event, that needs no write of its own.
  if (!events?.tellsEnd(result)) return notifyResult(ports, result);
  const { dueAt, ...staysDue } = result;
  await allEnded([events.tellEnd(result), notifyResult(ports, staysDue)]);
  if (dueAt) await ports.results.settle(result.jobId);
}
