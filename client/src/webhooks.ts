import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { isPublicKey, verifyAsymmetric } from "./verify-asymmetric.ts";
import { AnyWebhookEvent, type WebhookEvent } from "./webhook-events.ts";
import { plainHeaders, textOfBody, type WebhookHeaders } from "./webhook-request.ts";

export type { EndpointEvent, JobEvent, UnknownEvent, WebhookEvent } from "./webhook-events.ts";
export type { WebhookHeaders } from "./webhook-request.ts";

/** The reason why a webhook did not verify. Do not use its content. */
export class WebhookError extends Error {
  /**
   * `signature`: wrong secret, changed body, missing header, or a timestamp more than 5 minutes from now; answer 400.
   * `event`: signed, but not an event; answer 400. `body` and `key` are mistakes of the receiving program; answer 500.
   * `body`: not the raw body. `key`: a missing or malformed key.
   */
  readonly code: "signature" | "event" | "body" | "key";

  constructor(code: WebhookError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WebhookError";
    this.code = code;
  }
}

/**
 * Verifies a Standard Webhooks 1.0.0 signature and reads the event. Its `type` names the subject of `data`: a job
 * (`job.*`), an endpoint (`endpoint.*`), or one of a newer server (`UnknownEvent`, passed through). Throws
 * `WebhookError` only. A webhook may arrive twice: remember its `webhook-id`.
 *
 * `body` is the raw body of the request, text or bytes: parsed and printed again it has another signature. `keys` is a
 * secret (`whsec_` + base64, verifies `v1`), a public key (`whpk_` + base64, verifies `v1a`), or several of them, such
 * as the `publicKeys` of an endpoint: one has to fit. Public keys need `node:crypto` (Node 20.16 and later, and
 * compatible runtimes); Web Crypto would make this function asynchronous.
 */
export function verifyWebhook(
  keys: string | readonly string[],
  headers: WebhookHeaders,
  body: string | Uint8Array | ArrayBuffer,
): WebhookEvent {
  const text = textOfBody(body);
  if (text === undefined) {
    const advice = "Give the raw body, text or bytes in UTF-8: a parsed body has another signature.";
    throw new WebhookError("body", advice);
  }
  checkSignature(Array.isArray(keys) ? keys : [keys], readHeaders(headers), text);
  const event = AnyWebhookEvent.safeParse(parsed(text));
  if (event.success) return event.data;
  throw new WebhookError("event", "The webhook is signed, but its body is not an event.", { cause: event.error });
}

function readHeaders(headers: unknown): Record<string, string> {
  try {
    return plainHeaders(headers);
  } catch (cause) {
    throw new WebhookError("signature", "The headers of the webhook cannot be read.", { cause });
  }
}

/** Verifies the body with one of the keys. Each key decides the signature scheme, never the sender. */
function checkSignature(keys: readonly unknown[], headers: Record<string, string>, body: string): void {
  let refusal: WebhookError | undefined;
  for (const key of keys) {
    const failure = failureOf(key, headers, body);
    if (failure === undefined) return;
    // A malformed key is the receiver's own mistake, and takes precedence over refusals of other keys.
    if (refusal?.code !== "key") refusal = failure;
  }
  throw refusal ?? new WebhookError("key", "There is no key to verify the webhook with.");
}

/** Gives the reason why a key does not verify the body; undefined when it does. */
function failureOf(key: unknown, headers: Record<string, string>, body: string): WebhookError | undefined {
  if (typeof key !== "string" || key.trim() === "") {
    return new WebhookError("key", "A key is missing: give whsec_ or whpk_ and base64.");
  }
  try {
    if (isPublicKey(key.trim())) verifyAsymmetric(key.trim(), headers, body);
    else secretOf(key.trim()).verify(body, headers, { jsonParse: false });
    return undefined;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof WebhookVerificationError ? "signature" : "key";
    return new WebhookError(code, code === "key" ? `The key cannot verify: ${message}` : message, { cause });
  }
}

/**
 * Shortest secret (Standard Webhooks 1.0.0, "signature scheme"). The npm package accepts shorter ones, which can be
 * guessed.
 */
const MIN_SECRET_BYTES = 24;

function secretOf(key: string): Webhook {
  const bytes = atob(key.replace(/^whsec_/, "")).length;
  if (bytes < MIN_SECRET_BYTES) {
    throw new Error(`A secret has at least ${MIN_SECRET_BYTES} bytes in base64; this one has ${bytes}.`);
  }
  return new Webhook(key);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new WebhookError("event", "The webhook's body is not JSON.", { cause });
  }
}
