import assert from "node:assert/strict";
import { isDue, parseRecurrence } from "../../../local/manifest/recurrence.ts";

function dueAt(schedule: string, at: string, timeZone?: string): boolean {
  const recurrence = parseRecurrence(schedule, timeZone);
  assert.ok(recurrence?.every === "match", schedule);
  return isDue(recurrence, new Date(at));
}

describe("a schedule", () => {
  it("of minutes or hours is one of minutes", () => {
    assert.deepEqual(parseRecurrence("every 5 minutes"), { every: "minutes", minutes: 5 });
    assert.deepEqual(parseRecurrence("every 1 mins"), { every: "minutes", minutes: 1 });
    assert.deepEqual(parseRecurrence("every 24 hours"), { every: "minutes", minutes: 1440 });
  });

  // 2026-11-27 is a Friday.
  for (const [schedule, at, isWanted] of [
    ["*/15 9-17 * * mon-fri", "2026-11-27T09:45:30Z", true],
    ["*/15 9-17 * * mon-fri", "2026-11-27T09:46:00Z", false],
    ["*/15 9-17 * * mon-fri", "2026-11-28T09:45:00Z", false],
    ["0 0 1 * *", "2026-12-01T00:00:00Z", true],
    ["0 0 1 * *", "2026-11-27T00:00:00Z", false],
    ["0 0 1 * 5", "2026-11-27T00:00:00Z", true],
    ["30 6 * nov 0,7", "2026-11-29T06:30:00Z", true],
    ["every day 09:05", "2026-11-27T09:05:00Z", true],
    ["every monday,fri 09:00", "2026-11-27T09:00:00Z", true],
    ["every monday 09:00", "2026-11-27T09:00:00Z", false],
  ] as const) {
    it(`"${schedule}" is ${isWanted ? "" : "not "}due at ${at}`, () => {
      assert.equal(dueAt(schedule, at), isWanted);
    });
  }

  it("follows the clock of its time zone", () => {
    assert.equal(dueAt("0 9 * * *", "2026-11-27T08:00:00Z", "Europe/Berlin"), true);
    assert.equal(dueAt("0 9 * * *", "2026-07-27T07:00:00Z", "Europe/Berlin"), true);
    assert.equal(dueAt("0 9 * * *", "2026-11-27T09:00:00Z", "Europe/Berlin"), false);
  });

  it("of another form, or of a zone that is none, is not read", () => {
    for (const schedule of ["", "every 0 minutes", "1st monday of month 9:00", "* * * *", "60 * * * *", "a * * * *"])
      assert.equal(parseRecurrence(schedule), undefined, schedule);
    assert.equal(parseRecurrence("0 9 * * *", "Mars/Olympus"), undefined);
  });
});
