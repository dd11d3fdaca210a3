import assert from "node:assert/strict";
import { durationMs, fromWav, placeSounds, toWav, trimSilence } from "../../../functions/src/media/pcm.ts";

const pcm = (samples: number[], sampleRate = 1000) => ({ samples: Int16Array.from(samples), sampleRate });

describe("sound", () => {
  it("is the same after a WAV file", () => {
    const sound = pcm([0, 1, -1, 32_767, -32_768], 22_050);
    assert.deepEqual(fromWav(toWav(sound)), sound);
  });

  it("is read from a WAV file with other chunks, and with the length of a stream", () => {
    const wav = toWav(pcm([5, 6]));
    const list = Buffer.concat([Buffer.from("LIST\x03\x00\x00\x00abc\x00", "latin1")]);
    const withList = Buffer.concat([wav.subarray(0, 36), list, wav.subarray(36)]);
    assert.deepEqual(fromWav(withList).samples, Int16Array.from([5, 6]));
    withList.writeUInt32LE(0xffffffff, 36 + list.length + 4);
    assert.deepEqual(fromWav(withList).samples, Int16Array.from([5, 6]));
  });

  it("is refused when it is no WAV file, cut off, or of two channels", () => {
    const stereo = toWav(pcm([1, 2]));
    stereo.writeUInt16LE(2, 22);
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from("RIFF"),
      Buffer.from("ID3 no sound at all"),
      toWav(pcm([1])).subarray(0, 30),
      stereo,
    ]) {
      assert.throws(() => fromWav(bytes), { code: "unreadable-audio" });
    }
  });

  it("loses its silent ends, and tells how much was cut before it", () => {
    const trimmed = trimSilence(pcm([0, 3, 0, 2000, 0, -2000, 100, 0]));
    assert.deepEqual([trimmed.pcm.samples, trimmed.cutMs], [Int16Array.from([2000, 0, -2000]), 3]);
    assert.equal(trimSilence(pcm([0, 0])).pcm.samples.length, 0);
  });

  it("is put into silence at its time, and cut at the end", () => {
    const placed = placeSounds(
      [
        { pcm: pcm([1, 1]), startMs: 1 },
        { pcm: pcm([2, 2]), startMs: 5 },
      ],
      1000,
      6,
    );
    assert.deepEqual(placed.samples, Int16Array.from([0, 1, 1, 0, 0, 2]));
    assert.equal(durationMs(placed), 6);
    assert.throws(() => placeSounds([{ pcm: pcm([1], 500), startMs: 0 }], 1000, 5), { code: "unreadable-audio" });
  });
});
