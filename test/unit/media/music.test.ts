import assert from "node:assert/strict";
import { composeBed } from "../../../functions/src/media/music/compose-bed.ts";
import { renderBed } from "../../../functions/src/media/music/render-bed.ts";
import { durationMs } from "../../../functions/src/media/pcm.ts";

const MOODS = ["calm", "bright", "serious"] as const;
const SCALES = { calm: [5, 7, 9, 10, 0, 2, 4], bright: [7, 9, 11, 0, 2, 4, 6], serious: [2, 4, 5, 7, 9, 10, 0] };

describe("a music bed", () => {
  it("is the same for the same seed, and another one for another", () => {
    assert.deepEqual(composeBed(20, "calm", 1), composeBed(20, "calm", 1));
    assert.notDeepEqual(composeBed(20, "calm", 1).notes, composeBed(20, "calm", 2).notes);
  });

  for (const mood of MOODS) {
    it(`stays in its scale, begins and ends on its first degree, and moves its chords little: ${mood}`, () => {
      const { notes, beats, beatsAMinute } = composeBed(30, mood, 5);
      assert((beats * 60) / beatsAMinute >= 30);
      assert.deepEqual(
        [...new Set(notes.map(({ pitch }) => pitch % 12))].filter((tone) => !SCALES[mood].includes(tone)),
        [],
      );
      const bass = notes.filter(({ voice }) => voice === "bass").map(({ pitch }) => pitch % 12);
      assert.deepEqual([bass[0], bass.at(-1)], [SCALES[mood][0], SCALES[mood][0]]);
      const pads = Map.groupBy(
        notes.filter(({ voice }) => voice === "pad"),
        ({ startBeat }) => startBeat,
      );
      const chords = [...pads.values()].map((chord) => chord.map(({ pitch }) => pitch));
      for (const [index, chord] of chords.entries()) {
        const before = chords[index - 1] ?? chord;
        for (const [place, pitch] of chord.entries()) assert(Math.abs(pitch - (before[place] ?? pitch)) <= 12);
      }
    });
  }

  it("sounds for its time without clipping, and fades at both ends", () => {
    const pcm = renderBed(composeBed(10, "bright", 3), 10);
    assert.equal(durationMs(pcm), 10_000);
    const peakOf = (from: number, to: number) =>
      pcm.samples.subarray(from, to).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const peak = peakOf(0, pcm.samples.length);
    assert(peak > 10_000 && peak <= 32_767 * 0.7 + 1, `${peak}`);
    assert(peakOf(0, 1000) < peak / 10);
    assert(peakOf(pcm.samples.length - 1000, pcm.samples.length) < peak / 10);
  });
});
