import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobContext } from "@baton/engine";
import { judgeQuality } from "../../media/quality.ts";
import type { Quality } from "../../media/quality-findings.ts";
import { withWorkspace } from "../../media/workspace.ts";
import { FRAME } from "./make-files.ts";
import type { NarratedScript } from "./narrate.ts";

/** Measures the stored video, or the sound track where there is no video, in the step `quality`. */
export function measureFile(
  { step, files }: Pick<JobContext, "step" | "files">,
  name: "video.mp4" | "audio.m4a",
  { timeline, cues }: NarratedScript,
  seconds: number,
): Promise<Quality> {
  return step("quality", ({ signal }) =>
    withWorkspace(async (folder) => {
      const { measureMedia } = await import("../../media/measure-media.ts");
      const file = await files.read(name);
      await writeFile(join(folder, name), await file.content());
      const measured = await measureMedia(name, { folder, signal });
      const frame = name === "video.mp4" ? { frame: FRAME } : {};
      return judgeQuality(measured, { durationMs: seconds * 1000, ...frame, scenes: timeline.scenes, cues });
    }),
  );
}
