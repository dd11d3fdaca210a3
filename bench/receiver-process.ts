import { WebhookEvent } from "@baton/protocol";
import { type ReceivedWebhook, startWebhookReceiver } from "../test/support/webhook-receiver.ts";
import type { Arrival, FromReceiver } from "./receiver.ts";

/*
 * The subscriber of `bench/webhooks.ts`, in a process of its own, so that its work and the measurement's do not wait
 * for each other. Says its address when it is up, gives out what arrived whenever it gets a message, and ends with its
 * parent.
 */

function arrivalOf({ path, headers, body, arrivedAt }: ReceivedWebhook): Arrival {
  const { timestamp, data } = WebhookEvent.parse(JSON.parse(body));
  return {
    path,
    webhookId: String(headers["webhook-id"]),
    ...("jobId" in data && { jobId: data.jobId }),
    latencyMs: arrivedAt.getTime() - Date.parse(timestamp),
  };
}

function send(message: FromReceiver): void {
  process.send?.(message);
}

const receiver = await startWebhookReceiver();
receiver.alwaysAnswer("/hanging", "never");
receiver.alwaysAnswer("/resetting", "reset");
process.on("message", () => send({ kind: "arrivals", arrivals: receiver.received.splice(0).map(arrivalOf) }));
process.on("disconnect", () => process.exit());
send({ kind: "listening", url: receiver.url });
