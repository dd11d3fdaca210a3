import type { EventRequest } from "./send-once.ts";

/** A message as Pub/Sub's REST API gives it; `data` is base64. */
export interface PubsubMessage {
  messageId: string;
  publishTime: string;
  data?: string | undefined;
  attributes?: Record<string, string> | undefined;
  orderingKey?: string | undefined;
}

/** The topic and the subscription of a message. */
export interface PubsubRoute {
  projectId: string;
  topic: string;
  subscription: string;
}

/**
 * The request Eventarc makes for a Pub/Sub message: a CloudEvent in binary mode, the push body of Pub/Sub as its data.
 * https://cloud.google.com/eventarc/docs/cloudevents#pubsub
 */
export function messagePublishedRequest(
  message: PubsubMessage,
  route: PubsubRoute,
  deliveryAttempt: number,
): EventRequest {
  const body = {
    message: {
      data: message.data ?? "",
      attributes: message.attributes ?? {},
      messageId: message.messageId,
      message_id: message.messageId,
      publishTime: message.publishTime,
      publish_time: message.publishTime,
      ...(message.orderingKey ? { orderingKey: message.orderingKey } : {}),
    },
    subscription: `projects/${route.projectId}/subscriptions/${route.subscription}`,
    deliveryAttempt,
  };
  return {
    headers: {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
      "ce-source": `//pubsub.googleapis.com/projects/${route.projectId}/topics/${route.topic}`,
      "ce-id": message.messageId,
      "ce-time": message.publishTime,
    },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/**
 * Attributes Pub/Sub adds to a message it moves to a dead-letter topic:
 * https://cloud.google.com/pubsub/docs/handling-failures
 */
export function deadLetterAttributes(
  message: PubsubMessage,
  route: PubsubRoute,
  deliveries: number,
): Record<string, string> {
  return {
    ...message.attributes,
    CloudPubSubDeadLetterSourceDeliveryCount: String(deliveries),
    CloudPubSubDeadLetterSourceSubscription: route.subscription,
    CloudPubSubDeadLetterSourceSubscriptionProject: route.projectId,
    CloudPubSubDeadLetterSourceTopicPublishTime: message.publishTime,
  };
}

/** Headers that the Firestore emulator sets as production does, lower case. */
const EVENT_HEADER = /^ce-/;

/**
 * The request Eventarc makes for a Firestore event, from the one the emulator makes: the same headers, but a body of
 * raw protobuf where the emulator sends its base64 text. The emulator repeats `projects/` in the source; production
 * does not.
 */
export function documentEventRequest(headers: NodeJS.Dict<string | string[]>, body: string): EventRequest {
  const forwarded = Object.entries(headers).filter(
    ([name, value]) => EVENT_HEADER.test(name) && typeof value === "string",
  );
  const event = Object.fromEntries(forwarded.map(([name, value]) => [name, String(value)]));
  const source = event["ce-source"]?.replace("/projects/projects/", "/projects/");
  return {
    headers: {
      ...event,
      ...(source === undefined ? {} : { "ce-source": source }),
      "content-type": "application/protobuf",
    },
    body: Buffer.from(body, "base64"),
  };
}
