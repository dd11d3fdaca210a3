import { RetryAfterError } from "@baton/engine";

const HOUR_MS = 3_600_000;
/** Jobs that wait for the reset start within this time after it, not all at the same instant. */
const SPREAD_MS = 10 * 60_000;

const PACIFIC_HOUR = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  hour: "2-digit",
  hourCycle: "h23",
});

/** The Swedish order of a date is that of ISO 8601. */
const PACIFIC_DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Los_Angeles", dateStyle: "short" });

/** Names the day of the YouTube quota that holds at `now`, as `2026-11-27`: quota days are days of Pacific time. */
export function quotaDay(now: Date): string {
  return PACIFIC_DAY.format(now);
}

/**
 * Makes the error of a job that has to wait for the next quota day. It asks for another attempt at a moment within 10
 * minutes after the reset, chosen by `random` (0 to 1). The message ends with the instant of the reset.
 */
export function afterReset(code: string, message: string, now: Date, random: () => number): RetryAfterError {
  const reset = nextPacificMidnight(now);
  const at = new Date(reset.getTime() + Math.floor(random() * SPREAD_MS));
  return new RetryAfterError(
    code,
    `${message} The job is tried again within 10 minutes after ${reset.toISOString()}.`,
    {
      at,
    },
  );
}

/**
 * When the quota is renewed: https://developers.google.com/youtube/v3/getting-started#quota. Pacific time is whole
 * hours from UTC.
 */
function nextPacificMidnight(now: Date): Date {
  let at = (Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS;
  while (PACIFIC_HOUR.format(at) !== "00") at += HOUR_MS;
  return new Date(at);
}
