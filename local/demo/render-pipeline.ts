import type { PipelineOutput, StageRecord } from "../../functions/src/jobs/pipeline-run/schemas.ts";
import { bar, type Paint, section, shorten, wrap } from "./paint.ts";
import { qualityLines } from "./render-quality.ts";
import { fileLines } from "./save-files.ts";

const STATE_WIDTH = 12;
const STAGE_WIDTH = 12;
const SECONDS_WIDTH = 8;
const BAR_WIDTH = 40;

/** A `pipeline.run` output as a person reads it in a terminal; `folder` has the downloaded files. */
export function renderPipeline(
  output: PipelineOutput,
  { folder, width, paint }: { folder: string; width: number; paint: Paint },
): string[] {
  return [
    ...section(output.script.title, sceneLines(output, width, paint), paint),
    ...section("Where the time went", stageLines(output.stages, width, paint), paint),
    ...section("Quality", qualityLines(output.quality, paint), paint),
    ...section(`Files in ${folder}`, fileLines(Object.values(output.files)), paint),
  ];
}

function sceneLines({ script, music }: PipelineOutput, width: number, paint: Paint): string[] {
  const { scenes, omittedSentences } = script;
  const lines = scenes.flatMap(({ caption, narration, seconds }, index) => [
    `${index + 1}. ${shorten(caption, width - 16)} ${paint("dim", `${seconds.toFixed(1)} s`)}`,
    ...wrap(narration, width - 6).map((line) => `   ${line}`),
  ]);
  if (omittedSentences > 0) lines.push(paint("dim", `Sentences without room: ${omittedSentences}`));
  if (music) lines.push(paint("dim", `Music: ${music.mood}, ${music.beatsAMinute} beats a minute`));
  return lines;
}

/** A line for each stage, with a bar over the time that it took. A state is named with its first stage. */
function stageLines(stages: readonly StageRecord[], width: number, paint: Paint): string[] {
  const longestMs = Math.max(1, ...stages.map(({ durationMs }) => durationMs));
  const room = Math.min(BAR_WIDTH, Math.max(10, width - STATE_WIDTH - STAGE_WIDTH - SECONDS_WIDTH - 4));
  return stages.map(({ state, stage, durationMs }, index) => {
    const named = state === stages[index - 1]?.state ? "" : state;
    const seconds = `${(durationMs / 1000).toFixed(2)} s`.padStart(SECONDS_WIDTH);
    const drawn = bar(durationMs / longestMs, room);
    return `${paint("bold", named.padEnd(STATE_WIDTH))}${stage.padEnd(STAGE_WIDTH)}${seconds}  ${paint("cyan", drawn)}`.trimEnd();
  });
}
