import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { InboxMessage } from "../inbox/messages.ts";
import type { Paint } from "./paint.ts";

const WEBHOOK_TIMEOUT_MS = 20_000;
const SHOWN_HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent"];

/** The messages that the inbox lists. */
const Messages = z.object({
  messages: z.array(z.custom<InboxMessage>((value) => typeof value === "object" && value !== null)),
});

/** Waits for the webhook of a job at the inbox. */
export async function arrivedWebhook(inboxUrl: string, jobId: string, signal: AbortSignal): Promise<InboxMessage> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)]);
  for (;;) {
    const response = await fetch(`${inboxUrl}/_inbox/messages?jobId=${jobId}`, { signal: deadline });
    const [first] = Messages.parse(await response.json()).messages;
    if (first) return first;
    await pause(50, undefined, { signal: deadline });
  }
}

/** A webhook as a person reads it in a terminal. Throws when its signature does not verify. */
export function renderWebhook({ path, type, headers, signature }: InboxMessage, paint: Paint): string[] {
  if (signature.outcome !== "verified") throw new Error(`the webhook's signature is ${signature.outcome}`);
  return [
    `  POST ${path}  ${type ?? ""}`,
    ...SHOWN_HEADERS.map((name) => `  ${paint("dim", `${name}:`)} ${headers[name] ?? ""}`),
    `  ${paint("green", "✔ signature verified")} with ${signature.signedWith}, by the library of Standard Webhooks`,
  ];
}
