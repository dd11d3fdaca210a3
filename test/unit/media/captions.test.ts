import assert from "node:assert/strict";
import { cuesOf } from "../../../functions/src/media/captions.ts";
import { toWebVtt } from "../../../functions/src/media/webvtt.ts";

const LONG =
  "In the light reactions, chlorophyll absorbs sunlight and uses its energy to split water into oxygen, protons and electrons.";

describe("captions", () => {
  it("split a long sentence near its middle, each part with the time of its words", () => {
    const words = [
      { position: 24, atMs: 2500 },
      { position: 62, atMs: 5200 },
    ];
    const cues = cuesOf([{ text: LONG, startMs: 1000, endMs: 9000, words }]);
    assert.deepEqual(
      cues.map(({ text }) => text),
      [
        "In the light reactions, chlorophyll absorbs sunlight and uses",
        "its energy to split water into oxygen, protons and electrons.",
      ],
    );
    assert.deepEqual(
      cues.map(({ startMs, endMs }) => [startMs, endMs]),
      [
        [1000, 5200],
        [5200, 9250],
      ],
    );
  });

  it("share out the time by their length where the voice tells none", () => {
    const [first, second] = cuesOf([{ text: LONG, startMs: 0, endMs: 12_300, words: [] }]);
    assert.equal(first?.endMs, second?.startMs);
    assert.equal(Math.round((second?.startMs ?? 0) / 100), 62);
  });

  it("split behind punctuation rather than elsewhere", () => {
    const text =
      "When the leaves receive enough light and water in the morning, the plant opens its stomata and takes up air.";
    const cues = cuesOf([{ text, startMs: 0, endMs: 8000, words: [] }]);
    assert.deepEqual(
      cues.map((cue) => cue.text),
      [
        "When the leaves receive enough light and water in the morning,",
        "the plant opens its stomata and takes up air.",
      ],
    );
  });

  it("stay a moment after the last word, and never overlap", () => {
    const cues = cuesOf([
      { text: "One sentence here.", startMs: 0, endMs: 1000, words: [] },
      { text: "Another one there.", startMs: 1100, endMs: 2000, words: [] },
    ]);
    assert.deepEqual(
      cues.map(({ startMs, endMs }) => [startMs, endMs]),
      [
        [0, 1100],
        [1100, 2250],
      ],
    );
  });

  it("keep every word, whatever the text", () => {
    for (const text of ["word ".repeat(80).trim(), "x".repeat(300), "a, b; c: d. ".repeat(30).trim()]) {
      const cues = cuesOf([{ text, startMs: 0, endMs: 60_000, words: [] }]);
      assert.equal(
        cues
          .map((cue) => cue.text)
          .join("")
          .replaceAll(" ", ""),
        text.replaceAll(" ", ""),
      );
      assert(cues.every((cue) => cue.text.length <= 84));
    }
  });
});

describe("WebVTT", () => {
  it("has a header, numbered cues of at most two lines, and no markup of the text", () => {
    const cues = [
      { startMs: 350, endMs: 3_725_042, text: "a < b & c --> d" },
      {
        startMs: 3_725_042.4,
        endMs: 3_726_999.6,
        text: "Photosynthesis is the process by which plants turn light into energy.",
      },
    ];
    assert.equal(
      toWebVtt(cues, "en"),
      [
        "WEBVTT\nLanguage: en\n",
        "1\n00:00:00.350 --> 01:02:05.042\na &lt; b &amp; c --&gt; d\n",
        "2\n01:02:05.042 --> 01:02:07.000\nPhotosynthesis is the process by\nwhich plants turn light into energy.\n",
      ].join("\n"),
    );
  });
});
