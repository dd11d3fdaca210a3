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
  /** `type`, `data.jobId` and `data.owner` of a body that is an event. */
  type?: string;
  jobId?: string;
  owner?: string;
  signature: Verification;
  /** The status the sender was given. */
  answered: number;
}

/** How the inbox answers the next `remaining` requests to a path. */
export interface Behaviour {
  status: number;
  remaining: number;
}

/** What arrived, the newest 500; and how to answer. In memory. */
export interface InboxStore {
  add(message: Omit<InboxMessage, "number">): InboxMessage;
  /** Oldest first. */
  list(jobId?: string): InboxMessage[];
  behave(path: string, behaviour: Behaviour): void;
  /** The status for a request to `path` now, which uses up one of the behaviour's times; 200 when nothing else was asked for. */
  nextStatus(path: string): number;
}

const MAX_MESSAGES = 500;

export function createInboxStore(): InboxStore {
  const messages: InboxMessage[] = [];
  const behaviours = new Map<string, Behaviour>();
  let count = 0;
  return {
    add(message) {
      count += 1;
      const stored = { number: count, ...message };
      messages.push(stored);
      if (messages.length > MAX_MESSAGES) messages.shift();
      return stored;
    },
    list: (jobId) => messages.filter((message) => jobId === undefined || message.jobId === jobId),
    behave: (path, behaviour) => void behaviours.set(path, behaviour),
    nextStatus(path) {
      const behaviour = behaviours.get(path);
      if (behaviour === undefined) return 200;
      if (behaviour.remaining <= 1) behaviours.delete(path);
      else behaviours.set(path, { ...behaviour, remaining: behaviour.remaining - 1 });
      return behaviour.status;
    },
  };
}
