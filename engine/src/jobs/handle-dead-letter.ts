import { JobId } from "@baton/protocol";
import type { Clock, Log } from "../kit/ports.ts";
import { DEAD_LETTER_TOPIC } from "../platform/pubsub/topics.ts";
import type { Engine } from "./engine.ts";
import type { DeadLetterStore } from "./ports.ts";
import { deadLetter, type LetterFacts, type ReceivedMessage } from "./rules/dead-letter.ts";

/** The ports of handling a dead letter. */
export interface BuryPorts {
  engine: Engine;
  clock: Clock;
  log: Log;
  deadLetters: DeadLetterStore;
}

/** Present on a message that Pub/Sub itself moved here: https://cloud.google.com/pubsub/docs/handling-failures */
const SOURCE = "CloudPubSubDeadLetterSourceSubscription";
const DELIVERIES = "CloudPubSubDeadLetterSourceDeliveryCount";
const PUBLISHED_AT = "CloudPubSubDeadLetterSourceTopicPublishTime";

/**
 * Takes in one message of the dead-letter topic, and keeps a letter about it, also when it names no job. A job that
 * Pub/Sub gave up on is failed, unless a worker runs it, it waits, it is final, or anything has happened to it since
 * the message was published. One that used up its attempts has failed already. Idempotent: a repeat finds the job final
 * and the letter kept. Throws when a store cannot be reached; the message is then wanted again.
 */
export async function handleDeadLetter(ports: BuryPorts, message: ReceivedMessage): Promise<void> {
  const now = ports.clock.now();
  const facts = await readFacts(ports, attributesOf(message));
  await ports.deadLetters.keep(deadLetter(DEAD_LETTER_TOPIC, message, facts, now));
  const { messageId } = message;
  if (facts.kind === "unreadable")
    ports.log.error("A dead letter that names no job was kept.", { event: "dead-letter.unreadable", messageId });
  else
    ports.log.warn("A dead letter was kept.", {
      event: "dead-letter.kept",
      messageId,
      kind: facts.kind,
      jobId: facts.jobId,
    });
}

async function readFacts(ports: BuryPorts, attributes: Map<string, unknown>): Promise<LetterFacts> {
  const jobId = JobId.safeParse(attributes.get("jobId"));
  if (!jobId.success) return { kind: "unreadable", reason: "It names no job." };
  if (attributes.get("reason") === "exhausted") return exhausted(jobId.data, attributes);
  if (attributes.has(SOURCE)) return undeliverable(ports, jobId.data, attributes);
  return { kind: "unreadable", reason: "It does not say why it is a dead letter.", jobId: jobId.data };
}

/** The worker that ended the job says everything about it: no read is needed. */
function exhausted(jobId: string, attributes: Map<string, unknown>): LetterFacts {
  const known = ["queue", "owner", "type"].map((name) => [name, attributes.get(name)] as const);
  const texts = known.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { kind: "exhausted", reason: "The job used up its attempts.", jobId, ...Object.fromEntries(texts) };
}

async function undeliverable(ports: BuryPorts, jobId: string, attributes: Map<string, unknown>): Promise<LetterFacts> {
  const publishedAt = new Date(String(attributes.get(PUBLISHED_AT)));
  const isKnown = !Number.isNaN(publishedAt.getTime());
  const answer = await ports.engine.move(jobId, { kind: "bury", ...(isKnown && { publishedAt }) });
  const gaveUp = `Pub/Sub gave up after ${attributes.get(DELIVERIES)} deliveries by ${attributes.get(SOURCE)}.`;
  if (answer.outcome === "not-found") {
    return { kind: "undeliverable", reason: `${gaveUp} There is no such job.`, jobId };
  }
  if (answer.outcome === "refused")
    ports.log.info("A job was not buried.", { event: "job.not-buried", jobId, reason: answer.reason });
  const { queue, owner, type } = answer.job;
  return { kind: "undeliverable", reason: gaveUp, jobId, queue, owner, type };
}

function attributesOf({ attributes }: ReceivedMessage): Map<string, unknown> {
  return new Map(attributes !== null && typeof attributes === "object" ? Object.entries(attributes) : []);
}
