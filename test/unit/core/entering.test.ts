import assert from "node:assert/strict";
import { endJob } from "../../../functions/src/core/entering.ts";
import { DEFAULT_TIMING } from "../../../functions/src/core/timing.ts";
import { aJob } from "../../support/jobs.ts";

const NOW = new Date("2026-01-01T00:00:00.000Z");
const IN_A_MINUTE = new Date("2026-01-01T00:01:00.000Z");

describe("the end of a job", () => {
  const dueAtOf = (given: Parameters<typeof aJob>[0]) =>
    endJob(aJob(given), "completed", NOW, DEFAULT_TIMING).result.dueAt;

  it("asks for a second look at its result when somebody may want to know of it", () => {
    assert.deepEqual(dueAtOf({ hasWebhookUrl: true }), IN_A_MINUTE);
    assert.deepEqual(dueAtOf({ hasEndpoints: true }), IN_A_MINUTE);
  });

  it("asks for none when nobody does", () => {
    assert.equal(dueAtOf({}), undefined);
  });
});
