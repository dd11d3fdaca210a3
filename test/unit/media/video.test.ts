import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cuesOf } from "../../../functions/src/media/captions.ts";
import { encodeAudio } from "../../../functions/src/media/encode-audio.ts";
import { type FfmpegScope, runFfmpeg } from "../../../functions/src/media/ffmpeg.ts";
import { loadFonts } from "../../../functions/src/media/fonts.ts";
import { measureMedia } from "../../../functions/src/media/measure-media.ts";
import { composeBed } from "../../../functions/src/media/music/compose-bed.ts";
import { renderBed } from "../../../functions/src/media/music/render-bed.ts";
import { judgeQuality } from "../../../functions/src/media/quality.ts";
import { renderVideo } from "../../../functions/src/media/render-video.ts";
import { espeak } from "../../../functions/src/media/speech/espeak.ts";
import { soundOf, timelineOf } from "../../../functions/src/media/speech/narration.ts";
import { planStills } from "../../../functions/src/media/stills.ts";
import { withWorkspace } from "../../../functions/src/media/workspace.ts";
import { probe } from "../../support/ffprobe.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

const SCENES = [
  ["Photosynthesis turns the light of the sun into sugar."],
  ["Plants breathe in carbon dioxide.", "They give back the oxygen that animals need."],
];

async function spokenScenes() {
  const speeches = await espeak({ texts: SCENES.flat(), voice: "en-us", rate: 1 });
  const scenes = [[speeches[0]], speeches.slice(1)].map((list, scene) =>
    list.flatMap((speech, index) => (speech ? [{ text: SCENES[scene]?.[index] ?? "", speech }] : [])),
  );
  const timeline = timelineOf(scenes, 10_000);
  return { timeline, speech: soundOf(timeline, speeches), cues: cuesOf(timeline.scenes.flatMap((s) => s.sentences)) };
}

const never = new AbortController().signal;
const scopeOf = (folder: string, signal = never): FfmpegScope & { progress(fraction: number): void } => ({
  ...{ folder, signal, progress: () => undefined },
});

describe("a video of 10 seconds", function () {
  this.timeout(120_000);
  const temporary = ownTemporaryFolder();

  it("is H.264 and AAC of the wanted size and length, at -16 LUFS, with captions in time", async () => {
    const { timeline, speech, cues } = await spokenScenes();
    const fonts = await loadFonts();
    const frame = { width: 640, height: 360 };
    const scenes = timeline.scenes.map(({ startMs, endMs }, index) => ({
      heading: `Scene ${index + 1}`,
      startMs,
      endMs,
    }));
    await withWorkspace(async (folder) => {
      const scope = scopeOf(folder);
      await encodeAudio({ speech }, "audio.m4a", scope);
      await renderVideo(
        planStills(fonts, scenes, cues, { frame, hasCaptions: true }),
        { audio: "audio.m4a", video: "video.mp4" },
        fonts,
        scope,
      );

      const { streams, format } = await probe(join(folder, "video.mp4"));
      const [video, audio] = streams;
      assert.deepEqual([video?.codec_name, video?.width, video?.height, video?.pix_fmt], ["h264", 640, 360, "yuv420p"]);
      assert.equal(video?.avg_frame_rate, "25/1");
      assert.deepEqual([audio?.codec_name, audio?.sample_rate, audio?.channels], ["aac", "48000", 2]);
      assert(Math.abs(format.duration - 10) < 1, `${format.duration} s`);
      assert.equal(video?.nb_read_frames, Math.round((timeline.durationMs / 1000) * 25));

      const measured = await measureMedia("video.mp4", scope);
      const quality = judgeQuality(measured, { durationMs: 10_000, frame, scenes: timeline.scenes, cues });
      assert.deepEqual(
        quality.checks.filter(({ isPassed }) => !isPassed),
        [],
      );
      // The index of the file comes before its data, so that it plays while it loads.
      const bytes = await readFile(join(folder, "video.mp4"));
      assert(bytes.indexOf("moov") < bytes.indexOf("mdat"));
    });
  });

  it("keeps its loudness with music under the speech", async () => {
    const { timeline, speech } = await spokenScenes();
    const seconds = timeline.durationMs / 1000;
    const music = renderBed(composeBed(seconds, "calm", 7), seconds);
    await withWorkspace(async (folder) => {
      await encodeAudio({ speech, music }, "audio.m4a", scopeOf(folder));
      const { lufs = 0, silences } = await measureMedia("audio.m4a", scopeOf(folder));
      assert(Math.abs(lufs + 16) <= 1, `${lufs} LUFS`);
      assert.deepEqual(
        silences.filter(({ fromMs, toMs }) => toMs - fromMs > 1000),
        [],
      );
    });
  });

  it("ends within two seconds of a cancel, and leaves no file", async () => {
    const cancel = new AbortController();
    const endless = withWorkspace(async (folder) => {
      setTimeout(() => cancel.abort(new Error("cancelled")), 500);
      const source = ["-f", "lavfi", "-i", "testsrc=size=1280x720:rate=25", "-c:v", "libx264", "endless.mp4"];
      await runFfmpeg(source, scopeOf(folder, cancel.signal));
    });
    const startedAt = performance.now();
    await assert.rejects(endless, /cancelled/);
    assert(performance.now() - startedAt < 2500);
    assert.deepEqual(await temporary.files(), []);
  });

  it("says what ffmpeg reported when it fails", async () => {
    const failing = withWorkspace((folder) => runFfmpeg(["-i", "absent.mp4", "out.mp4"], scopeOf(folder)));
    await assert.rejects(failing, { code: "ffmpeg-failed", message: /absent\.mp4: No such file/ });
  });
});

describe("measurements of media", function () {
  this.timeout(60_000);

  it("find silence, black frames and a wrong loudness", async () => {
    await withWorkspace(async (folder) => {
      const picture =
        "color=black:size=320x180:rate=25:duration=2[a];testsrc=size=320x180:rate=25:duration=2[b];[a][b]concat=n=2:v=1:a=0";
      const sound =
        "aevalsrc=0|0:sample_rate=48000:duration=2[c];sine=frequency=440:sample_rate=48000:duration=2,volume=-20dB,pan=stereo|c0=c0|c1=c0[d];[c][d]concat=n=2:v=0:a=1";
      await runFfmpeg(
        [
          "-filter_complex",
          `${picture}[v];${sound}[s]`,
          "-map",
          "[v]",
          "-map",
          "[s]",
          "-c:v",
          "libx264",
          "-c:a",
          "aac",
          "-t",
          "4",
          "bad.mp4",
        ],
        scopeOf(folder),
      );
      const measured = await measureMedia("bad.mp4", scopeOf(folder));
      const scenes = [
        { startMs: 0, endMs: 2000 },
        { startMs: 2000, endMs: 4000 },
      ];
      const cues = [{ startMs: 100, endMs: 1900, text: "Nobody says this." }];
      const quality = judgeQuality(measured, { durationMs: 8000, frame: { width: 1280, height: 720 }, scenes, cues });
      assert.deepEqual(
        quality.checks.map(({ name, isPassed, measured: found }) => [
          name,
          isPassed,
          found.replace(/-\d+(\.\d+)?/, "-x"),
        ]),
        [
          ["duration", false, "4.0 s"],
          ["streams", false, "h264 320x180, aac"],
          ["loudness", false, "-x LUFS"],
          ["silence", false, "silent scenes: 1"],
          ["black-frames", false, "0.0 s to 2.0 s"],
          ["subtitles", false, "1 of 1 out of time"],
        ],
      );
      assert.equal(quality.isPassed, false);
    });
  });
});
