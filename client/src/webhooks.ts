import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { isPublicKey, verifyAsymmetric } from "./verify-asymmetric.ts";
import { AnyWebhookEvent, type WebhookEvent } from "./webhook-events.ts";
import { plainHeaders, textOfBody, type WebhookHeaders } from "./webhook-request.ts";

export type { EndpointEvent, JobEvent, UnknownEvent, WebhookEvent } from "./webhook-events.ts";
export type { WebhookHeaders } from "./webhook-request.ts";

/** Says why a webhook was not believed. Do nothing else with it. */
export class WebhookError extends Error {
  /**
   * `signature`: wrong secret, changed body, missing headers, or older (newer) than 5 minutes; answer 400. `event`: signed, but no event;
   * answer 400. `body` and `key` are mistakes of the receiving program, answer 500: the body was not given as it came, or a key is
   * missing or is none.
   */
  readonly code: "signature" | "event" | "body" | "key";

  constructor(code: WebhookError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WebhookError";
    this.code = code;
  }
}

/**
 * Verifies a Standard Webhooks 1.0.0 signature and reads the event. Its `type` says what `data` is about: a job
 * (`job.*`), an endpoint (`endpoint.*`), or an event of a newer server (`UnknownEvent`, passed through). Throws
 * `WebhookError`, and nothing else. `body` is the request's body exactly as it came, text or bytes: parsed and printed
 * again it has another signature. `keys` is a secret (`whsec_` + base64, verifies `v1`), a public key (`whpk_` +
 * base64, verifies `v1a`), or several, such as the `publicKeys` of an endpoint: one of them has to fit. Public keys
 * need Node's crypto (Node 20.16 and later, and compatible runtimes), because Web Crypto would have every caller wait.
 * One webhook may arrive twice: remember `webhook-id`.
 */
export function verifyWebhook(
  keys: string | readonly string[],
  headers: WebhookHeaders,
  body: string | Uint8Array | ArrayBuffer,
): WebhookEvent {
  const text = textOfBody(body);
  if (text === undefined) {
    const advice = "Give the raw body as it came, text or bytes in UTF-8: a parsed one has another signature.";
    throw new WebhookError("body", advice);
  }
  checkSignature(Array.isArray(keys) ? keys : [keys], readHeaders(headers), text);
  const event = AnyWebhookEvent.safeParse(parsed(text));
  if (event.success) return event.data;
  throw new WebhookError("event", "The webhook is signed but is no event known here.", { cause: event.error });
}

function readHeaders(headers: unknown): Record<string, string> {
  try {
    return plainHeaders(headers);
  } catch (cause) {
    throw new WebhookError("signature", "The headers of the webhook cannot be read.", { cause });
  }
}

/** The key alone says how it verifies: what a sender may choose is only which of its signatures fits. */
function checkSignature(keys: readonly unknown[], headers: Record<string, string>, body: string): void {
  let refusal: WebhookError | undefined;
  for (const key of keys) {
    const failure = failureOf(key, headers, body);
    if (failure === undefined) return;
    // A key that is none is the receiver's own mistake, and hides the others' refusals.
    if (refusal?.code !== "key") refusal = failure;
  }
  throw refusal ?? new WebhookError("key", "There is no key to verify the webhook with.");
}

/** Undefined when the key fits. */
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

/** Of a secret (Standard Webhooks 1.0.0, "signature scheme"). A shorter one can be guessed, and the npm package takes it. */
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
