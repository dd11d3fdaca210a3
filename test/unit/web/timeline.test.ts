import assert from "node:assert/strict";
import { explanationOf, secondsOf, timelineOf } from "../../../web/src/job-views/pipeline-run/timeline-rows.ts";
import type { StageRecord } from "../../../web/src/job-views/pipeline-run/types.ts";

/** A result that was created 11 s after 12:00:00, when the job was submitted. */
const RESULT = { createdAt: "2026-03-01T12:00:11.000Z", durationMs: 11_000 };
const STAGES: StageRecord[] = [
  { state: "analysing", stage: "analysis", startedAt: "2026-03-01T12:00:01.500Z", durationMs: 500 },
  { state: "generating", stage: "sound", startedAt: "2026-03-01T12:00:02.000Z", durationMs: 2000 },
  { state: "generating", stage: "video", startedAt: "2026-03-01T12:00:04.000Z", durationMs: 6000 },
];

describe("the timeline of a job", () => {
  it("has the wait for a worker and each stage below its state, from the submission on", () => {
    assert.deepEqual(timelineOf(RESULT, STAGES), {
      states: [
        { label: "Start", stretches: [{ label: "Waiting for a worker", fromMs: 0, durationMs: 1500 }] },
        { label: "Analysis", stretches: [{ label: "Analysis", fromMs: 1500, durationMs: 500 }] },
        {
          label: "Generation",
          stretches: [
            { label: "Sound", fromMs: 2000, durationMs: 2000 },
            { label: "Video", fromMs: 4000, durationMs: 6000 },
          ],
        },
      ],
      totalMs: 11_000,
      longest: { label: "Video", fromMs: 4000, durationMs: 6000 },
    });
  });

  it("says in a sentence what took the time", () => {
    assert.equal(
      explanationOf(timelineOf(RESULT, STAGES)),
      "11.0 s from the submission to the end. Video took the most: 6.0 s, 55 % of it.",
    );
    assert.equal(explanationOf(timelineOf({ ...RESULT, durationMs: 0 }, [])), "");
  });

  it("keeps the names of states and stages of a newer server", () => {
    const stage = { ...STAGES[0], state: "dubbing", stage: "lip-sync" } as unknown as StageRecord;
    const [, dubbing] = timelineOf(RESULT, [stage]).states;
    assert.deepEqual([dubbing?.label, dubbing?.stretches[0]?.label], ["dubbing", "lip-sync"]);
  });

  it("has no time before the submission where the clocks of two machines differ", () => {
    const timeline = timelineOf({ ...RESULT, durationMs: 8000 }, STAGES);
    assert.deepEqual(
      timeline.states.flatMap(({ stretches }) => stretches.map(({ fromMs }) => fromMs)),
      [0, 0, 0, 1000],
    );
  });

  it("writes short times with a digit more", () => {
    assert.deepEqual([40, 999, 12_340].map(secondsOf), ["0.04 s", "1.00 s", "12.3 s"]);
  });
});
