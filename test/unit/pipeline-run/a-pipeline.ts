import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { pipelineRun } from "../../../functions/src/jobs/pipeline-run/pipeline-run.ts";
import type { PipelinePorts } from "../../../functions/src/jobs/pipeline-run/ports.ts";
import type { Preset, Stage } from "../../../functions/src/jobs/pipeline-run/presets/preset.ts";
import type { PipelineInput } from "../../../functions/src/jobs/pipeline-run/schemas.ts";
import type { SpeechSynthesizer } from "../../../functions/src/media/speech/speech-synthesizer.ts";

/** A text of some 8 seconds. */
export const CONTENT =
  "Our coffee comes from small farms in the hills of Ethiopia. We roast it in Oslo, twice a week, and send it on the same day.";

const TIMED = { estimateSeconds: 1, limitSeconds: 60 };

/** A stage without parameters. */
export const stage = <Name extends "analysis" | "narration" | "sound" | "subtitles" | "thumbnail" | "delivery">(
  name: Name,
) => ({ stage: name, ...TIMED });

const SCRIPT: Stage = { stage: "script", sceneSeconds: 3, ...TIMED };
const REVIEW: Stage = { stage: "review", durationShare: 0.1, loudnessLu: 1, ...TIMED };

/** Stages of a small video: as `quick-social`, with `extra` ones before the video. */
export const stagesWith = (...extra: Stage[]): Stage[] => [
  ...[stage("analysis"), SCRIPT, ...extra.filter(({ stage: name }) => ["music", "storyboard"].includes(name))],
  ...[stage("narration"), stage("sound"), ...extra.filter(({ stage: name }) => name === "subtitles")],
  { stage: "video", captions: true, ...TIMED },
  ...extra.filter(({ stage: name }) => name === "thumbnail"),
  ...[REVIEW, stage("delivery")],
];

/** `quick-social` in small: a few seconds of a small picture. */
export const SMALL: Preset = {
  name: "small",
  description: "For tests.",
  frame: { width: 270, height: 480 },
  seconds: { least: 1, most: 5 },
  maxContentChars: 500,
  stages: stagesWith(),
};

/** A voice that hums for as long as a narrator would read, times `slowness`, and counts how often it is asked. */
export function humming(slowness = 1) {
  const asked: number[] = [];
  const voice: SpeechSynthesizer = {
    name: "humming",
    async speak(texts, { rate }) {
      asked.push(rate);
      return texts.map((text) => {
        const samples = new Int16Array(Math.round((slowness * (text.length / 16.5) * 22_050) / rate));
        for (const index of samples.keys())
          samples[index] = 6000 * Math.sin(index / 9) * (0.6 + 0.4 * Math.sin(index / 2000));
        return { pcm: { samples, sampleRate: 22_050 }, words: [] };
      });
    },
  };
  return { voice, asked };
}

/** A clock that advances by a second each time it is read. */
function ticking(): PipelinePorts["now"] {
  let seconds = 0;
  return () => {
    seconds += 1;
    return new Date(Date.UTC(2026, 0, 1, 12, 0, seconds));
  };
}

/** A job of one preset, over a humming voice. Programs are real, and slow on a busy machine. */
export function aPipeline(
  preset: Preset,
  input: Partial<PipelineInput> & { content?: string } = {},
  voice: SpeechSynthesizer = humming().voice,
) {
  const ports = { voice, now: ticking() };
  const given = { content: CONTENT, preset: preset.name, ...input };
  return testJob(
    pipelineRun([preset], async () => ports),
    given,
    { patienceMs: 60_000 },
  );
}
