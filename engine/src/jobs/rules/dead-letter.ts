/**
 * Why a message was given up. `exhausted`: its job has used up its attempts; `undeliverable`: Pub/Sub gave up after too
 * many deliveries; `unreadable`: it names no job.
 */
export type DeadLetterKind = "exhausted" | "undeliverable" | "unreadable";

/** A message that serves no longer, kept for people: the document `deadLetters/{letterId}`. */
export interface DeadLetter {
  /** The same for every delivery of one message. */
  letterId: string;
  kind: DeadLetterKind;
  /** The queue the message, or its job, belongs to, when that is known. */
  queue?: string;
  jobId?: string;
  /** Without an owner the letter is for admins only. */
  owner?: string;
  type?: string;
  /** The message's own, as far as they are text. */
  attributes: Record<string, string>;
  /** The beginning of the message's data in base64, at most `MAX_DATA_CHARACTERS`; absent when it carried none. */
  data?: string;
  /** One sentence for the operator who looks at it. */
  reason: string;
  receivedAt: Date;
  expireAt: Date;
}

/** A message as Pub/Sub delivers it; `attributes` are whatever the publisher sent, `data` is base64. */
export interface ReceivedMessage {
  messageId: string;
  attributes: unknown;
  data?: string;
}

/** The fields of a dead letter besides the message itself. */
export type LetterFacts = Pick<DeadLetter, "kind" | "reason" | "queue" | "jobId" | "owner" | "type">;

/** A multiple of four, so that the text can be decoded: 6 KiB of data. Every message of ours has none at all. */
const MAX_DATA_CHARACTERS = 8192;

/** As long as jobs are kept. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** The letter about `message`, which arrived on `topic` at `now`. */
export function deadLetter(topic: string, message: ReceivedMessage, facts: LetterFacts, now: Date): DeadLetter {
  return {
    // Message ids are unique within a topic only; a job's id spreads the letters over Firestore's key range.
    letterId: `${facts.jobId ?? topic}-${message.messageId}`,
    ...facts,
    attributes: textsIn(message.attributes),
    ...(message.data && { data: message.data.slice(0, MAX_DATA_CHARACTERS) }),
    receivedAt: now,
    expireAt: new Date(now.getTime() + KEPT_MS),
  };
}

function textsIn(attributes: unknown): Record<string, string> {
  if (attributes === null || typeof attributes !== "object") return {};
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
}
