import type { Answer } from "./behaviour.ts";
import type { Verification } from "./verify.ts";

/** A request that arrived, as it came and as it was judged. */
export interface InboxMessage {
  /** Counts from 1 in the order of arrival. */
  number: number;
  receivedAt: string;
  path: string;
  headers: Record<string, string>;
  /** The body's text, byte for byte what was signed; cut after 100,000 characters. */
  body: string;
  /** `type`, `data.jobId`, `data.endpointId` and `data.owner` of a body that is an event. */
  type?: string;
  jobId?: string;
  endpointId?: string;
  owner?: string;
  signature: Verification;
  /** The status the sender was given, or is given in a while; `never`: it was left waiting. */
  answered: Answer["status"];
  retryAfter?: string;
  delayMs: number;
}

/** Selects messages; absent fields do not filter. */
export interface MessageFilter {
  jobId?: string | undefined;
  path?: string | undefined;
}

/** The newest 500 messages that arrived. In memory. */
export interface InboxStore {
  add(message: Omit<InboxMessage, "number">): InboxMessage;
  /** Oldest first. */
  list(filter?: MessageFilter): InboxMessage[];
}

const MAX_MESSAGES = 500;

export function createInboxStore(): InboxStore {
  const messages: InboxMessage[] = [];
  let count = 0;
  return {
    add(message) {
      count += 1;
      const stored = { ...message, number: count };
      messages.push(stored);
      if (messages.length > MAX_MESSAGES) messages.shift();
      return stored;
    },
    list: ({ jobId, path } = {}) =>
      messages.filter(
        (message) => (jobId === undefined || message.jobId === jobId) && (path === undefined || message.path === path),
      ),
  };
}

/**
 * The attempts of one webhook: the messages with one `webhook-id`, oldest first. A message without the header is alone.
 */
export interface MessageGroup {
  webhookId: string | undefined;
  attempts: [InboxMessage, ...InboxMessage[]];
}

/** Groups messages (oldest first) by `webhook-id`; the group with the newest message comes first. */
export function groupMessages(messages: readonly InboxMessage[]): MessageGroup[] {
  const groups = new Map<string, MessageGroup>();
  for (const message of messages) {
    const webhookId = message.headers["webhook-id"];
    const key = webhookId === undefined ? `number ${message.number}` : `id ${webhookId}`;
    const before = groups.get(key);
    groups.delete(key);
    groups.set(key, { webhookId, attempts: before ? [...before.attempts, message] : [message] });
  }
  return [...groups.values()].reverse();
}
