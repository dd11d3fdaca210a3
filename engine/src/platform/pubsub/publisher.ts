import { setTimeout as pause } from "node:timers/promises";
import { PublisherClient } from "@google-cloud/pubsub-api/build/src/v1/publisher_client.js";
import { grpc } from "google-gax";
import { keyedMutex } from "../../kit/keyed-mutex.ts";

/*
 * `@google-cloud/pubsub` is this client with subscriptions, schemas and tracing around it: 3 MB of code, a fifth of the
 * start of each function. Batches and order are all that Baton needs of it.
 */

/**
 * Publishes one message to a topic: attributes alone, or with data and an ordering key, the same for each message of a
 * topic. Resolves once Pub/Sub has it; rejects when it has not within 10 s of its request.
 */
export type Publish = (
  topic: string,
  attributes: Readonly<Record<string, string>>,
  ordered?: { data: string; orderingKey: string },
) => Promise<void>;

/** How long Pub/Sub may take to accept a message before the caller continues without it. */
const PUBLISH_DEADLINE_MS = 10_000;
const WITHIN_DEADLINE = {
  initialRetryDelayMillis: 100,
  retryDelayMultiplier: 1.3,
  maxRetryDelayMillis: 1000,
  initialRpcTimeoutMillis: 5000,
  rpcTimeoutMultiplier: 1,
  maxRpcTimeoutMillis: 5000,
  totalTimeoutMillis: PUBLISH_DEADLINE_MS,
};
/** Messages published at the same moment share one request; nothing waits longer than this for company. */
const BATCH_DELAY_MS = 1;
/** Messages of one request. */
const MAX_BATCH = 100;

/** Where messages are published. */
export interface PublishTarget {
  projectId: string;
  /** `host:port` of an emulator that takes the place of Pub/Sub. Absent or empty: there is none. */
  emulator?: string;
  /** Begins the name of each topic. Absent: nothing does. */
  prefix?: string;
}

/** A message, as Pub/Sub's API has it. */
interface Message {
  attributes: Record<string, string>;
  data?: Buffer;
  orderingKey?: string;
}

/** Sends messages to a topic by one request. */
type Send = (topic: string, messages: readonly Message[]) => Promise<void>;

/**
 * Publishes to Pub/Sub. One client a process, so that messages of the same moment share a request. Those of one
 * ordering key are sent one after the other, in the order of the calls; a rejected one does not stop the next.
 */
export function pubsubPublish(target: PublishTarget): Publish {
  const send = sender(target);
  const sendSoon = inBatches(send);
  const inTurn = keyedMutex();
  return async (topic, attributes, ordered) => {
    if (!ordered) return sendSoon(topic, { attributes: { ...attributes } });
    const { data, orderingKey } = ordered;
    const message = { attributes: { ...attributes }, data: Buffer.from(data), orderingKey };
    // Pub/Sub takes no request with messages of two keys.
    return inTurn(`${topic} ${orderingKey}`, () => send(topic, [message]));
  };
}

/** Makes the client with the first request. */
function sender({ projectId, emulator, prefix = "" }: PublishTarget): Send {
  const settings = { projectId, ...(emulator && emulatorAt(emulator)) };
  let client: PublisherClient | undefined;
  return async (topic, messages) => {
    client ??= new PublisherClient(settings);
    const request = { topic: `projects/${projectId}/topics/${prefix}${topic}`, messages: [...messages] };
    await client.publish(request, { timeout: PUBLISH_DEADLINE_MS, retry: { backoffSettings: WITHIN_DEADLINE } });
  };
}

/** The client's settings for the emulator at `host:port`. */
function emulatorAt(address: string) {
  const { hostname, port } = new URL(`http://${address}`);
  return { servicePath: hostname, port: Number(port), sslCreds: grpc.credentials.createInsecure() };
}

/** Gathers what is published to a topic at the same moment. A failed request rejects each of its calls. */
function inBatches(send: Send): (topic: string, message: Message) => Promise<void> {
  const open = new Map<string, { messages: Message[]; sent: Promise<void> }>();
  return (topic, message) => {
    const joined = open.get(topic);
    if (joined && joined.messages.length < MAX_BATCH) {
      joined.messages.push(message);
      return joined.sent;
    }
    const batch = { messages: [message], sent: sendAfterDelay() };
    open.set(topic, batch);
    return batch.sent;

    async function sendAfterDelay(): Promise<void> {
      await pause(BATCH_DELAY_MS);
      if (open.get(topic) === batch) open.delete(topic);
      await send(topic, batch.messages);
    }
  };
}
