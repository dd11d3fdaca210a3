import { JobMessage } from "@baton/protocol";
import type { JobStore } from "../core/ports.ts";
import { type NotifyPorts, notifyResult, UndeliveredError } from "./notify-result.ts";

/** What handling a delivery needs. */
export interface DeliveryPorts extends NotifyPorts {
  jobs: Pick<JobStore, "readResult">;
}

/** What Pub/Sub delivers; `attributes` are whatever the publisher sent. */
export interface DeliveryMessage {
  messageId: string;
  attributes: unknown;
}

/**
 * One Pub/Sub message on `webhook-deliveries`: a job whose end somebody is still to be told of. Resolving acknowledges
 * it; rejecting asks for it again, when `notifyResult` does and the sweep will not. A message that names no job is
 * logged, one whose job has no result (deleted meanwhile) has nothing left to tell.
 */
export async function handleDelivery(ports: DeliveryPorts, message: DeliveryMessage): Promise<void> {
  const parsed = JobMessage.safeParse(message.attributes);
  if (!parsed.success) {
    ports.log.error("A delivery that names no job was dropped.", { messageId: message.messageId });
    return;
  }
  const result = await ports.jobs.readResult(parsed.data.jobId);
  if (!result) return;
  try {
    await notifyResult(ports, result);
  } catch (error) {
    // The sweep sends the next message, at growing distances: with redeliveries besides, every look of its would add a line of attempts.
    const isLookedAfter = result.dueAt !== undefined;
    if (!(isLookedAfter && error instanceof UndeliveredError)) throw error;
  }
}
