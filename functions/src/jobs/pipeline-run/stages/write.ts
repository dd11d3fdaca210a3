import { createHash } from "node:crypto";
import { PermanentError } from "@baton/engine";
import { z } from "zod";
import { storePicture } from "../../../content/store-media.ts";
import { composeBed } from "../../../media/music/compose-bed.ts";
import { PipelineScript } from "../schemas.ts";
import type { Analysis } from "../script/analyse-content.ts";
import { needed } from "./products.ts";
import type { StageWork } from "./stage-scope.ts";

const StoredAnalysis: z.ZodType<Analysis> = z.object({
  title: z.string(),
  author: z.string().optional(),
  sentences: z.array(z.string()).min(1),
});

/** Reads the content, in the step `analysis`. A content that is refused fails the job for good. */
export const analyse: StageWork<"analysis"> = async ({ step, compute, signal, input }) => {
  const { title, author, language } = input.metadata;
  const work = async () => {
    const reading = await compute("analyse", { content: input.content, title, author, language }, { signal });
    if (reading.outcome === "refused") throw new PermanentError(reading.code, reading.message);
    return reading.analysis;
  };
  return { analysis: await step("analysis", work, { output: StoredAnalysis }) };
};

/** Plans what is said, in the step `script`. */
export const writeScript: StageWork<"script"> = async (scope, { sceneSeconds }, products) => {
  const { step, compute, signal, input, preset } = scope;
  const analysis = needed(products, "analysis");
  const work = async () => {
    const target = { language: input.metadata.language, seconds: preset.seconds, sceneSeconds };
    const writing = await compute("plan", { analysis, target }, { signal });
    if (writing.outcome === "written") return writing.script;
    const message = `No sentence fits: the shortest takes some ${writing.seconds} s, ${preset.name} has ${preset.seconds.most} s.`;
    throw new PermanentError("no-sentence-fits", message);
  };
  return { script: await step("script", work, { output: PipelineScript }) };
};

/** Stores a sheet with all scenes: what each shows, what is said, and when by the estimate. */
export const drawStoryboard: StageWork<"storyboard"> = async ({ files, preset, progress }, { columns }, products) => {
  const { scenes } = needed(products, "script");
  const { author } = needed(products, "analysis");
  const storyboard = await storePicture({ files }, "storyboard.png", async () => {
    const { storyboardSheet } = await import("../../../media/cards/storyboard.ts");
    const { loadFonts } = await import("../../../media/fonts.ts");
    progress(0.3);
    const cells = scenes.map(({ caption, narration, seconds }) => ({
      ...{ heading: caption, text: narration, seconds },
      ...(author !== undefined && { note: author }),
    }));
    return storyboardSheet(await loadFonts(), cells, { frame: preset.frame, columns });
  });
  return { files: { storyboard } };
};

/** Composes the music, in the step `music`. One content has one piece: the seed is its hash. */
export const composeMusic: StageWork<"music"> = async ({ step, input, preset }, { mood }) => {
  const compose = () => {
    const seed = createHash("sha256").update(input.content).digest().readUInt32BE();
    return composeBed(preset.seconds.most, mood, seed);
  };
  return { music: { mood, piece: await step("music", compose) } };
};
