import { JobMessage } from "@baton/protocol";
import { runJob, type WorkerPorts } from "./run-job.ts";

/** What Pub/Sub delivers; `attributes` are whatever the publisher sent. */
export interface JobMessageEvent {
  messageId: string;
  attributes: unknown;
}

/**
 * One Pub/Sub message on a `jobs-<queue>` topic. Resolving acknowledges it; rejecting asks for it again.
 * A malformed message never improves with age: it is logged and acknowledged.
 */
export async function handleMessage(ports: WorkerPorts, message: JobMessageEvent): Promise<void> {
  const parsed = JobMessage.safeParse(message.attributes);
  if (!parsed.success) {
    const { messageId, attributes } = message;
    ports.log.error("A message that names no job was dropped.", { messageId, attributes });
    return;
  }
  const run = await runJob(ports, parsed.data.jobId);
  if (run.outcome === "reject") throw new MessageWantedAgain(run.reason);
}

/** Not a failure of the worker: the way to tell Pub/Sub to bring the message again. */
class MessageWantedAgain extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "MessageWantedAgain";
  }
}
