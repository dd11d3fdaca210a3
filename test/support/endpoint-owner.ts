import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { CreatedEndpoint, DeliveryDetails, DeliveryList, type DeliveryView, JobView, Problem } from "@baton/protocol";
import { after, before } from "mocha";
import type { z } from "zod";
import { testCloud } from "./cloud.ts";
import { waitFor } from "./wait-for.ts";
import { type ReceivedWebhook, startWebhookReceiver, type WebhookReceiver } from "./webhook-receiver.ts";

/** A user of the test cloud. */
export type User = Awaited<ReturnType<ReturnType<typeof testCloud>["newUser"]>>;

const JOB = { type: "video.analysis", input: { comments: [{ text: "Great video!" }] } };

/**
 * Starts a webhook receiver for the tests of this `describe`. Answers it, once the tests run, and endpoints that point
 * at it.
 */
export function useEndpoints() {
  let receiver: WebhookReceiver;
  before(async () => {
    receiver = await startWebhookReceiver();
  });
  after(() => receiver.stop());

  /** An endpoint of a fresh user at a path of its own; `at` is what arrived there. */
  async function anEndpoint(wish: object = {}) {
    const user = await testCloud().newUser();
    const path = `/${randomUUID()}`;
    const request = { url: receiver.url + path, ...wish };
    const endpoint = await ask(CreatedEndpoint, user, "POST", "/v1/endpoints", request);
    const at = () => receiver.received.filter((webhook) => webhook.path === path);
    const arrivals = async (count: number): Promise<ReceivedWebhook[]> => {
      await waitFor(`${count} webhooks at ${path}`, async () => at().length >= count);
      return at();
    };
    return { user, path, endpoint, own: `/v1/endpoints/${endpoint.endpointId}`, at, arrivals };
  }

  return { receiver: () => receiver, anEndpoint };
}

/** Sends a request to the API as `user`. */
export async function call(user: User, method: string, path: string, body?: object) {
  const response = await fetch(`${testCloud().apiUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${user.token}`,
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The answer of a request that is expected to succeed. */
export async function ask<T>(
  schema: z.ZodType<T>,
  user: User,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const { status, text } = await call(user, method, path, body);
  assert.ok(status < 300, `${method} ${path} answered ${status}: ${text}`);
  return schema.parse(JSON.parse(text));
}

/** The status and code of a request that is expected to be refused. */
export async function refusal(user: User, method: string, path: string, body?: object) {
  const { status, text } = await call(user, method, path, body);
  return [status, Problem.parse(JSON.parse(text)).code];
}

/** Submits a job of `user`. */
export function submit(user: User): Promise<JobView> {
  return ask(JobView, user, "POST", "/v1/jobs", JOB);
}

/** Waits until a delivery is in `state`. */
export async function settled(user: User, deliveryId: string, state: string): Promise<DeliveryDetails> {
  return waitFor(`delivery ${deliveryId} to be ${state}`, async () => {
    const delivery = await ask(DeliveryDetails, user, "GET", `/v1/deliveries/${deliveryId}`);
    return delivery.state === state && delivery;
  });
}

/** Waits until a job has a delivery in `state`. */
export async function deliveryOf(user: User, jobId: string, state: string): Promise<DeliveryView> {
  return waitFor(`a delivery of ${jobId} to be ${state}`, async () => {
    const { deliveries } = await ask(DeliveryList, user, "GET", `/v1/deliveries?jobId=${jobId}&state=${state}`);
    return deliveries[0];
  });
}
