/** The times of a schedule: every so many minutes, or the minutes of a calendar that its fields hold. */
export type Recurrence = { every: "minutes"; minutes: number } | ({ every: "match"; timeZone: string } & CronFields);

/** The minutes that a line of cron means. Days match as in cron: where both kinds are limited, either is enough. */
export interface CronFields {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  daysOfMonth: ReadonlySet<number>;
  months: ReadonlySet<number>;
  daysOfWeek: ReadonlySet<number>;
  isEitherDay: boolean;
}

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Reads a schedule in the forms of Cloud Scheduler: a line of cron, `every 5 minutes`, `every 2 hours`,
 * `every day 09:00`, `every mon,thu 09:00`. Undefined for any other. Source:
 * https://cloud.google.com/appengine/docs/flexible/scheduling-jobs-with-cron-yaml#schedule_format
 */
export function parseRecurrence(schedule: string, timeZone = "UTC"): Recurrence | undefined {
  const text = schedule.trim().toLowerCase();
  const [, count = "", unit = ""] = /^every (\d{1,4}) (minutes?|mins?|hours?)$/.exec(text) ?? [];
  if (count !== "" && Number(count) > 0)
    return { every: "minutes", minutes: Number(count) * (unit.startsWith("h") ? 60 : 1) };
  const fields = parseCron(cronOf(text) ?? text);
  return fields === undefined || !isTimeZone(timeZone) ? undefined : { every: "match", timeZone, ...fields };
}

/** The line of cron for `every day 09:00` and `every mon,thu 09:00`. */
function cronOf(text: string): string | undefined {
  const match = /^every ([a-z, ]+?) (\d{1,2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [, days = "", hour = "", minute = ""] = match;
  if (days === "day") return `${minute} ${hour} * * *`;
  const names = days.split(/[, ]+/).map((day) => day.slice(0, 3));
  return names.every((name) => WEEKDAYS.includes(name)) ? `${minute} ${hour} * * ${names.join(",")}` : undefined;
}

function parseCron(text: string): CronFields | undefined {
  const parts = text.split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = parts;
  const minutes = parseField(minute, 0, 59);
  const hours = parseField(hour, 0, 23);
  const daysOfMonth = parseField(day, 1, 31);
  const months = parseField(month, 1, 12, MONTHS);
  const weekdays = parseField(weekday, 0, 7, WEEKDAYS);
  if (parts.length !== 5 || !minutes || !hours || !daysOfMonth || !months || !weekdays) return undefined;
  const daysOfWeek = new Set([...weekdays].map((each) => each % 7));
  const isEitherDay = !day.startsWith("*") && !weekday.startsWith("*");
  return { minutes, hours, daysOfMonth, months, daysOfWeek, isEitherDay };
}

/** The numbers of one field: `*`, `5`, `1-5`, a step such as `0-30/10`, or a list of these. */
function parseField(text: string, min: number, max: number, names: readonly string[] = []): Set<number> | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, from, to, step = "1"] = match;
    const first = from === undefined ? min : numberOf(from, min, names);
    const last = to === undefined ? (from === undefined || match[3] ? max : first) : numberOf(to, min, names);
    if (!(first >= min && last <= max && first <= last && Number(step) > 0)) return undefined;
    for (let at = first; at <= last; at += Number(step)) numbers.add(at);
  }
  return numbers;
}

function numberOf(text: string, min: number, names: readonly string[]): number {
  const index = names.indexOf(text.slice(0, 3));
  return index === -1 ? Number(text) : index + min;
}

/** True when the minute that `now` lies in is one of the calendar's. */
export function isDue(recurrence: Extract<Recurrence, { every: "match" }>, now: Date): boolean {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: recurrence.timeZone,
    hourCycle: "h23",
    minute: "numeric",
    hour: "numeric",
    day: "numeric",
    month: "numeric",
    weekday: "short",
  });
  const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const isDayOfMonth = recurrence.daysOfMonth.has(Number(parts.day));
  const isDayOfWeek = recurrence.daysOfWeek.has(WEEKDAYS.indexOf(parts.weekday?.toLowerCase() ?? ""));
  return (
    recurrence.minutes.has(Number(parts.minute)) &&
    recurrence.hours.has(Number(parts.hour)) &&
    recurrence.months.has(Number(parts.month)) &&
    (recurrence.isEitherDay ? isDayOfMonth || isDayOfWeek : isDayOfMonth && isDayOfWeek)
  );
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    return true;
  } catch {
    // A RangeError: no such zone.
    return false;
  }
}
