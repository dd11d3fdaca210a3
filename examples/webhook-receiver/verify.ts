import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";

/** Gives the event of a webhook. Throws when `secret` does not fit, or its timestamp is more than 5 minutes away. */
export function verify(secret: string, headers: IncomingHttpHeaders, body: string): unknown {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name] ?? "")]));
  return new Webhook(secret).verify(body, signed);
}
