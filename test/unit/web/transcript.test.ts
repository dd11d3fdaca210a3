import assert from "node:assert/strict";
import { toWebVtt } from "../../../functions/src/media/webvtt.ts";
import { clockOf, lineAt, linesOfScenes, readWebVtt } from "../../../web/src/job-views/media/transcript-lines.ts";

const LINES = [
  { startMs: 500, endMs: 2000, text: "One" },
  { startMs: 2500, endMs: 4000, text: "Two" },
];

describe("the transcript of a video", () => {
  it("has the lines and the language of the subtitles that the job wrote", () => {
    const cues = [
      { startMs: 500, endMs: 2000, text: "Salt & water: 1 < 2" },
      {
        startMs: 3_661_002,
        endMs: 3_662_000,
        text: "A line that is too long for one row and is broken in two of them",
      },
    ];
    assert.deepEqual(readWebVtt(toWebVtt(cues, "de")), { language: "de", lines: cues });
  });

  it("passes over notes, tags and cues without a text, whatever ends their rows", () => {
    const file =
      "WEBVTT\r\n\r\nNOTE made by hand\r\n\r\n00:01.000 --> 00:02.500 align:start\r\n<v Ada>Hello</v>\r\n\r\n00:03.000 --> 00:04.000\r\n";
    assert.deepEqual(readWebVtt(file), {
      language: undefined,
      lines: [{ startMs: 1000, endMs: 2500, text: "Hello" }],
    });
  });

  it("has the line that was said last, also in a pause", () => {
    assert.deepEqual(
      [0, 499, 500, 2200, 2500, 9000].map((ms) => lineAt(LINES, ms)),
      [-1, -1, 0, 0, 1, 1],
    );
    assert.equal(lineAt([], 0), -1);
  });

  it("has a line for each scene where there are no subtitles, in the time of the file", () => {
    const scene = { caption: "C", citations: [] };
    const scenes = [
      { ...scene, narration: "One", seconds: 4 },
      { ...scene, narration: "Two", seconds: 6 },
    ];
    const script = { title: "T", writer: "extractive", scenes };
    assert.deepEqual(linesOfScenes({ script, durationMs: 20_000 }), [
      { startMs: 0, endMs: 8000, text: "One" },
      { startMs: 8000, endMs: 20_000, text: "Two" },
    ]);
    assert.equal(linesOfScenes({ script })[1]?.startMs, 4000);
  });

  it("writes times as players do", () => {
    assert.deepEqual([clockOf(0), clockOf(65_900), clockOf(600_000)], ["0:00", "1:05", "10:00"]);
  });
});
