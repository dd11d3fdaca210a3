import { speak } from "../../content/speak.ts";
import type { Piece } from "../../media/music/compose-bed.ts";
import type { Pcm } from "../../media/pcm.ts";
import type { Analysis, ContentReading, ContentToRead } from "./script/analyse-content.ts";
import type { ScriptPlan, ScriptWriting } from "./script/plan-script.ts";

/** Reads a content; see `analyseContent`. */
async function analyse(content: ContentToRead): Promise<ContentReading> {
  const { analyseContent } = await import("./script/analyse-content.ts");
  const { loadFonts } = await import("../../media/fonts.ts");
  return analyseContent(content, await loadFonts());
}

/** Plans a script; see `planScript`. */
async function plan({ analysis, target }: { analysis: Analysis; target: ScriptPlan }): Promise<ScriptWriting> {
  const { taggerOf, textToolsOf } = await import("../../content/text-tools.ts");
  const { planScript } = await import("./script/plan-script.ts");
  return planScript(analysis, target, await textToolsOf(target.language), await taggerOf(target.language));
}

/** Renders music; see `renderBed`. */
async function renderMusic({ piece, seconds }: { piece: Piece; seconds: number }): Promise<Pcm> {
  const { renderBed } = await import("../../media/music/render-bed.ts");
  return renderBed(piece, seconds);
}

/**
 * The compute functions of `pipeline.run`. Each loads what it needs when it is first called, in the compute process.
 */
export const pipelineCompute = { analyse, plan, renderMusic, speak };
export type PipelineCompute = typeof pipelineCompute;
