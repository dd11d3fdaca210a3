import { JobMessage } from "@baton/protocol";
import { queueTopic } from "../../platform/pubsub/topics.ts";
import type { DeadLetterStore } from "../ports.ts";
import { deadLetter, type ReceivedMessage } from "../rules/dead-letter.ts";
import { runJob, type WorkerPorts } from "./run-job.ts";

/** The ports of handling a message. */
export interface MessagePorts extends WorkerPorts {
  deadLetters: DeadLetterStore;
}

/**
 * Handles one Pub/Sub message on the topic of `queue`. Resolving acknowledges it; rejecting asks for it again. Keeps a
 * malformed message among the dead letters and acknowledges it, for it never improves; rejects while it cannot be kept.
 */
export async function handleMessage(ports: MessagePorts, queue: string, message: ReceivedMessage): Promise<void> {
  const parsed = JobMessage.safeParse(message.attributes);
  if (!parsed.success) return keepUnreadable(ports, queue, message);
  await runJob(ports, parsed.data.jobId);
}

async function keepUnreadable(ports: MessagePorts, queue: string, message: ReceivedMessage): Promise<void> {
  const facts = { kind: "unreadable", queue, reason: "It names no job." } as const;
  await ports.deadLetters.keep(deadLetter(queueTopic(queue), message, facts, ports.clock.now()));
  ports.log.error("A message that names no job was kept.", {
    event: "message.unreadable",
    queue,
    messageId: message.messageId,
  });
}
