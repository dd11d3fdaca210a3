import { type Message, signatureHeaders } from "../signing/sign.ts";

/** Replaces a value that the attempt log does not keep. */
const MASK = "***";

/** Headers whose values are no secret. */
const SHOWN = new Set(["content-type", "webhook-id", "webhook-timestamp"]);

/**
 * Builds the headers of one request, names in lower case: the custom headers, then Baton's own with a signature for
 * each of `secrets`. Baton's own replace custom headers of the same name. Throws as `signatureHeaders` does.
 */
export function requestHeaders(
  secrets: readonly string[],
  custom: Readonly<Record<string, string>>,
  message: Message,
): Record<string, string> {
  return { ...custom, "content-type": "application/json", ...signatureHeaders(secrets, message) };
}

/**
 * Masks the headers of a request for the attempt log: of signatures only the version stays, unknown values are hidden.
 */
export function maskedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (SHOWN.has(name)) return [name, value];
      return [name, name === "webhook-signature" ? value.replace(/,[^ ]*/g, `,${MASK}`) : MASK];
    }),
  );
}
