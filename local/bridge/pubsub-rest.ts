import { z } from "zod";
import { callRest } from "../rest.ts";
import type { PubsubMessage } from "./cloud-event.ts";

/** A message that was pulled; `ackId` stands for this one delivery of it. */
export interface PulledMessage {
  ackId: string;
  message: PubsubMessage;
}

/** Pub/Sub over its REST API, which the emulator serves on the same port as gRPC. */
export interface PubsubRest {
  /** Idempotent. */
  createTopic(topic: string): Promise<void>;
  /** Idempotent. */
  createSubscription(subscription: string, topic: string, ackDeadlineSeconds: number): Promise<void>;
  /** Idempotent. */
  deleteSubscription(subscription: string): Promise<void>;
  /** Waits for messages, up to about 90 s in the emulator; an empty answer means there were none. */
  pull(subscription: string, maxMessages: number, signal: AbortSignal): Promise<PulledMessage[]>;
  acknowledge(subscription: string, ackIds: string[]): Promise<void>;
  extend(subscription: string, ackIds: string[], ackDeadlineSeconds: number): Promise<void>;
  publish(topic: string, message: { data?: string | undefined; attributes: Record<string, string> }): Promise<void>;
}

const PullAnswer = z.object({
  receivedMessages: z
    .array(
      z.object({
        ackId: z.string(),
        message: z.object({
          messageId: z.string(),
          publishTime: z.string(),
          data: z.string().optional(),
          attributes: z.record(z.string(), z.string()).optional(),
          orderingKey: z.string().optional(),
        }),
      }),
    )
    .default([]),
});

export function pubsubRest(host: string, projectId: string): PubsubRest {
  const base = `/v1/projects/${projectId}`;

  async function call(
    method: string,
    path: string,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<{ status: number; answer: unknown }> {
    const { status, text } = await callRest(host, { method, path: `${base}/${path}`, body, signal });
    return { status, answer: JSON.parse(text) };
  }

  async function must(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    const { status, answer } = await call(method, path, body, signal);
    // 409: it is already there, which is what was asked for.
    if (status !== 200 && !(method === "PUT" && status === 409)) {
      throw new Error(`Pub/Sub emulator: ${method} ${path} answered ${status}: ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  const topicName = (topic: string) => `projects/${projectId}/topics/${topic}`;
  return {
    async createTopic(topic) {
      await must("PUT", `topics/${topic}`, {});
    },
    async createSubscription(subscription, topic, ackDeadlineSeconds) {
      await must("PUT", `subscriptions/${subscription}`, { topic: topicName(topic), ackDeadlineSeconds });
    },
    async deleteSubscription(subscription) {
      const { status } = await call("DELETE", `subscriptions/${subscription}`, {});
      if (status !== 200 && status !== 404) throw new Error(`Pub/Sub emulator: it kept ${subscription} (${status})`);
    },
    async pull(subscription, maxMessages, signal) {
      const answer = await must("POST", `subscriptions/${subscription}:pull`, { maxMessages }, signal);
      return PullAnswer.parse(answer).receivedMessages;
    },
    async acknowledge(subscription, ackIds) {
      await must("POST", `subscriptions/${subscription}:acknowledge`, { ackIds });
    },
    async extend(subscription, ackIds, ackDeadlineSeconds) {
      await must("POST", `subscriptions/${subscription}:modifyAckDeadline`, { ackIds, ackDeadlineSeconds });
    },
    async publish(topic, message) {
      await must("POST", `topics/${topic}:publish`, { messages: [message] });
    },
  };
}
