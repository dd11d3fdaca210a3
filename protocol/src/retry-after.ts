/** The three formats of a date in RFC 9110, section 5.6.7. `Date.parse` alone accepts almost any text with a number. */
const HTTP_DATES: readonly RegExp[] = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * Reads a `Retry-After` header (RFC 9110, section 10.2.3), seconds or a date, as milliseconds from `nowMs`. Gives a
 * negative number for a past date, and NaN for any other text, such as `-5` or `1.5`.
 */
export function retryAfterMs(header: string, nowMs: number): number {
  const text = header.trim();
  return /^\d+$/.test(text) ? Number(text) * 1000 : httpDateMs(text) - nowMs;
}

/** Reads a date of HTTP as milliseconds since the epoch. Gives NaN for any other text. */
export function httpDateMs(text: string): number {
  if (!HTTP_DATES.some((form) => form.test(text))) return Number.NaN;
  return Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
}
