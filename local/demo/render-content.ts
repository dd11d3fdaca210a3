import type { ContentOutput } from "../../functions/src/jobs/content-generate/schemas.ts";
import { type Paint, section, shorten, wrap } from "./paint.ts";
import { qualityLines } from "./render-quality.ts";
import { fileLines } from "./save-files.ts";

/** A `content.generate` output as a person reads it in a terminal; `folder` has the downloaded files. */
export function renderContent(
  output: ContentOutput,
  { folder, width, paint }: { folder: string; width: number; paint: Paint },
): string[] {
  return [
    ...section(output.script.title, sceneLines(output, width, paint), paint),
    ...section("Quality", output.quality ? qualityLines(output.quality, paint) : [], paint),
    ...section(`Files in ${folder}`, fileLines(Object.values(output.files)), paint),
  ];
}

function sceneLines({ script, sources }: ContentOutput, width: number, paint: Paint): string[] {
  return script.scenes.flatMap(({ caption, narration, seconds, citations }, index) => {
    const titles = new Set(citations.map(({ source }) => sources[source]?.title ?? `source ${source + 1}`));
    return [
      `${index + 1}. ${shorten(caption, width - 16)} ${paint("dim", `${seconds.toFixed(1)} s`)}`,
      ...wrap(narration, width - 6).map((line) => `   ${line}`),
      paint("dim", `   from ${shorten([...titles].join(", "), width - 12)}`),
    ];
  });
}
