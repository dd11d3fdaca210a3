/** The three forms of a date in RFC 9110, section 5.6.7. `Date.parse` alone takes almost any text with a number in it. */
const HTTP_DATES: readonly RegExp[] = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * Reads a `Retry-After` header (RFC 9110, section 10.2.3), seconds or a date, as milliseconds from `nowMs`; below 0 for a date past.
 * Not a number when it is neither, as for `-5` or `1.5`.
 */
export function retryAfterMs(header: string, nowMs: number): number {
  const text = header.trim();
  return /^\d+$/.test(text) ? Number(text) * 1000 : httpDateMs(text) - nowMs;
}

/** Reads a date of HTTP; not a number when it is none. */
export function httpDateMs(text: string): number {
  if (!HTTP_DATES.some((form) => form.test(text))) return Number.NaN;
  return Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
}
