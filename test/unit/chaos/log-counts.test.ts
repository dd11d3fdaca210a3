import assert from "node:assert/strict";
import { createLogCounter } from "../../chaos/log-counts.ts";

const NONE = {
  lateWritersRefused: 0,
  duplicatesSuppressed: 0,
  sweepRuns: 0,
  sweepRepairs: 0,
  failedAttempts: 0,
  unpublished: 0,
  errors: 0,
};

function countsOf(...lines: string[]) {
  const counter = createLogCounter();
  for (const line of lines) counter.read(line);
  return counter.counts;
}

const said = (message: string, fields: object = {}) => JSON.stringify({ severity: "INFO", message, ...fields });

describe("the count of what the functions log", () => {
  it("begins with nothing", () => {
    assert.deepEqual(countsOf(), NONE);
  });

  for (const [message, name] of [
    ["A late writer was refused.", "lateWritersRefused"],
    ["A message found nothing to do for its job.", "duplicatesSuppressed"],
    ["The sweep moved what was due.", "sweepRuns"],
    ["An attempt failed.", "failedAttempts"],
    ["A job was stored but not published; the sweep will publish it.", "unpublished"],
  ] as const) {
    it(`counts "${message}"`, () => {
      assert.deepEqual(countsOf(said(message), said(message)), { ...NONE, [name]: 2 });
    });
  }

  it("adds up what the sweep moved on", () => {
    const [some, others] = [{ jobs: 3, results: 2 }, { jobs: 4 }];
    const message = "The sweep moved what was due.";
    assert.deepEqual(countsOf(said(message, some), said(message, others)), { ...NONE, sweepRuns: 2, sweepRepairs: 9 });
  });

  it("counts errors, whatever they say", () => {
    const severity = "ERROR";
    const counts = countsOf(said("Anything.", { severity }), said("An attempt failed.", { severity }));
    assert.deepEqual(counts, { ...NONE, failedAttempts: 1, errors: 2 });
  });

  it("passes over what it does not know", () => {
    const unknown = [said("constructor"), said("An attempt failed"), '{"message":7}', '{"message":null}', "{}"];
    assert.deepEqual(countsOf(...unknown), NONE);
  });

  it("passes over what is not a whole entry", () => {
    const whole = said("An attempt failed.", { severity: "ERROR" });
    const halves = [whole.slice(0, -1), whole.slice(0, 20), whole.slice(10), `${whole}${whole}`];
    assert.deepEqual(countsOf(...halves, "", "{", "null", "[]", "Serving function..."), NONE);
  });
});
