import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobContext } from "@baton/engine";
import { judgeQuality, type QualityTarget } from "../media/quality.ts";
import type { Quality } from "../media/quality-findings.ts";
import { withWorkspace } from "../media/workspace.ts";

/** A file to measure, and what it was meant to be. */
export interface Measured {
  name: "video.mp4" | "audio.m4a";
  target: QualityTarget;
}

/** Measures a stored file of the job, in the step `quality`. Ends with the context's signal. */
export function measureFile(
  { step, files, signal: until }: Pick<JobContext, "step" | "files" | "signal">,
  { name, target }: Measured,
): Promise<Quality> {
  const measure = (signal: AbortSignal) =>
    withWorkspace(async (folder) => {
      const { measureMedia } = await import("../media/measure-media.ts");
      const file = await files.read(name);
      await writeFile(join(folder, name), await file.content());
      return judgeQuality(await measureMedia(name, { folder, signal }), target);
    });
  return step("quality", ({ signal }) => measure(AbortSignal.any([signal, until])));
}
