import { type Message, signatureHeaders } from "../signing/sign.ts";

/** Stands for a value that the attempt log does not keep. */
const MASK = "***";

/** Headers whose values are no secret. */
const SHOWN = new Set(["content-type", "webhook-id", "webhook-timestamp"]);

/**
 * The headers of one request, names in lower case: signed with each of `secrets`, and those the tenant wants besides. Its own
 * come first, so that none can replace a signature. Throws as `signatureHeaders` does.
 */
export function requestHeaders(
  secrets: readonly string[],
  custom: Readonly<Record<string, string>>,
  message: Message,
): Record<string, string> {
  return { ...custom, "content-type": "application/json", ...signatureHeaders(secrets, message) };
}

/** The headers of a request as the attempt log keeps them: of signatures only the versions, of all that is not known to be harmless nothing. */
export function maskedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (SHOWN.has(name)) return [name, value];
      return [name, name === "webhook-signature" ? value.replace(/,[^ ]*/g, `,${MASK}`) : MASK];
    }),
  );
}
