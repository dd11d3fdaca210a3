import { WebhookEvent } from "@baton/protocol";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

export type { EndpointEvent, JobEvent, WebhookEvent } from "@baton/protocol";

/** Headers of a request: a `Headers`, Node's `IncomingHttpHeaders`, or a plain object in any letter case. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Says why a webhook was not believed. Answer 400 and do nothing else with it. */
export class WebhookError extends Error {
  /** `signature`: wrong secret, changed body, missing headers, or older (newer) than 5 minutes. `event`: signed, but not an event this version knows. */
  readonly code: "signature" | "event";

  constructor(code: WebhookError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WebhookError";
    this.code = code;
  }
}

/**
 * Verifies a Standard Webhooks 1.0.0 `v1` signature and reads the event, whose `type` says what its `data` is: about a job
 * (`job.*`) or about an endpoint (`endpoint.*`). Throws `WebhookError`.
 * `body` is the request's body exactly as it came: parsed and printed again it has another signature.
 * `secret` is `whsec_` + base64. One webhook may arrive twice: remember `webhook-id`.
 */
export function verifyWebhook(secret: string, headers: WebhookHeaders, body: string): WebhookEvent {
  const signed = verified(new Webhook(secret), headers, body);
  const event = WebhookEvent.safeParse(signed);
  if (!event.success) {
    throw new WebhookError("event", "The webhook is signed but is no event known here.", { cause: event.error });
  }
  return event.data;
}

function verified(webhook: Webhook, headers: WebhookHeaders, body: string): unknown {
  try {
    return webhook.verify(body, plainHeaders(headers));
  } catch (cause) {
    if (cause instanceof WebhookVerificationError) throw new WebhookError("signature", cause.message, { cause });
    if (cause instanceof SyntaxError) throw new WebhookError("event", "The webhook's body is not JSON.", { cause });
    throw cause;
  }
}

/** A header that came more than once is left out: none of its values can be trusted over the others. */
function plainHeaders(headers: WebhookHeaders): Record<string, string> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}
