import assert from "node:assert/strict";
import { LANGUAGE_CODES, LANGUAGES } from "../../../functions/src/media/languages.ts";
import { durationMs } from "../../../functions/src/media/pcm.ts";
import { espeak } from "../../../functions/src/media/speech/espeak.ts";
import { rateFor, soundOf, timelineOf } from "../../../functions/src/media/speech/narration.ts";

/** A sound of so many milliseconds. */
const speech = (ms: number) => ({
  pcm: { samples: new Int16Array(ms).fill(5000), sampleRate: 1000 },
  words: [{ position: 0, atMs: 0 }],
});
const said = (text: string, ms: number) => ({ text, speech: speech(ms) });

describe("eSpeak NG", function () {
  this.timeout(60_000);

  it("speaks every language, and tells when words begin", async () => {
    for (const code of LANGUAGE_CODES) {
      const [spoken] = await espeak({
        texts: ["Radio, video, internet, museum."],
        voice: LANGUAGES[code].espeakVoice,
        rate: 1,
      });
      const ms = spoken ? durationMs(spoken.pcm) : 0;
      assert(ms > 1200 && ms < 6000, `${code}: ${ms} ms`);
      assert.deepEqual(
        spoken?.words.map(({ position }) => position),
        [0, 7, 14, 24],
        code,
      );
    }
  });

  it("speaks faster at a higher rate", async () => {
    const text = "Plants make their own food from sunlight, water and air.";
    const [slow, fast] = await Promise.all([0.85, 1.2].map((rate) => espeak({ texts: [text], voice: "en-us", rate })));
    assert(durationMs(slow?.[0]?.pcm ?? speech(0).pcm) > 1.2 * durationMs(fast?.[0]?.pcm ?? speech(0).pcm));
  });

  it("takes markup and commands as plain text", async () => {
    const texts = [
      "One <break time='60s'/> two.",
      'One <audio src="/etc/passwd"/> two.',
      "One [[h@'loU]] two &amp; three.",
    ];
    for (const { pcm } of await espeak({ texts, voice: "en-us", rate: 1 })) assert(durationMs(pcm) < 8000);
  });

  it("fails where there is nothing to say, or no such voice", async () => {
    await assert.rejects(espeak({ texts: ["  "], voice: "en-us", rate: 1 }), { code: "speech-failed" });
    await assert.rejects(espeak({ texts: ["Hello."], voice: "xx-none", rate: 1 }), { code: "speech-failed" });
  });
});

describe("a narration", () => {
  it("fills its time with pauses, and with a rest at the end, where that is wanted", () => {
    const two = [[said("One.", 1000)], [said("Two.", 1000)]];
    const spread = timelineOf(two, 12_000, true);
    assert.deepEqual(
      spread.scenes.map(({ startMs, endMs }) => [startMs, endMs]),
      [
        [0, 6000],
        [6000, 12_000],
      ],
    );
    const { durationMs: alone } = timelineOf([[said("One.", 1000)]], 5000, true);
    assert.equal(alone, 5000);
    assert(timelineOf(two, 12_000).durationMs < 6000);
  });

  const scenes = [[said("One.", 2000)], [said("Two.", 1500), said("Three.", 1500)], [said("Four.", 2000)]];

  it("fills its time with pauses between scenes that touch", () => {
    const { durationMs: total, scenes: timed } = timelineOf(scenes, 9500);
    assert.equal(total, 9500);
    assert.deepEqual(
      timed.map(({ startMs, endMs }) => [startMs, endMs]),
      [
        [0, 2725],
        [2725, 6775],
        [6775, 9500],
      ],
    );
    assert.deepEqual(
      timed[1]?.sentences.map(({ startMs, endMs }) => [startMs, endMs]),
      [
        [3100, 4600],
        [4900, 6400],
      ],
    );
    assert.deepEqual(timed[1]?.sentences[1]?.words, [{ position: 0, atMs: 4900 }]);
  });

  it("stretches pauses to 1.8 s at most, and keeps 0.45 s of them", () => {
    assert.equal(timelineOf(scenes, 60_000).durationMs, 11_600);
    assert.equal(timelineOf(scenes, 1000).durationMs, 8900);
  });

  it("has each sound where the timeline has its sentence", () => {
    const timeline = timelineOf(scenes, 9500);
    const { samples } = soundOf(
      timeline,
      scenes.flat().map((sentence) => sentence.speech),
    );
    assert.equal(samples.length, 9500);
    assert.deepEqual(
      [samples[349], samples[350], samples[3099], samples[3100], samples[9149], samples[9150]],
      [0, 5000, 0, 5000, 5000, 0],
    );
  });

  it("is spoken faster or slower to fit, within what sounds natural", () => {
    assert.equal(rateFor(scenes, 9350).toFixed(2), "1.00");
    assert.equal(rateFor(scenes, 60_000), 0.85);
    assert.equal(rateFor(scenes, 3000), 1.2);
  });
});
