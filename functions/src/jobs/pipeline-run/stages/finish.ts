import { PermanentError } from "@baton/engine";
import { measureFile } from "../../../content/measure-file.ts";
import { within } from "../../../content/narrate.ts";
import { storeJson } from "../../../content/store-media.ts";
import type { Quality } from "../../../media/quality-findings.ts";
import { needed } from "./products.ts";
import type { StageWork } from "./stage-scope.ts";

/** Measures the stored video, in the step `quality`. One that is out of bounds fails the job, with the measurement. */
export const review: StageWork<"review"> = async (scope, { durationShare, loudnessLu }, products) => {
  const { step, files, signal, preset } = scope;
  const { timeline, cues } = needed(products, "narrated");
  const durationMs = within(timeline.durationMs, preset.seconds);
  const tolerance = { durationShare, loudnessLu };
  const target = { durationMs, frame: preset.frame, scenes: timeline.scenes, cues, tolerance };
  const quality = await measureFile({ step, files, signal }, { name: "video.mp4", target });
  if (!quality.isPassed) throw new PermanentError("quality-out-of-bounds", findingsOf(quality));
  return { quality };
};

function findingsOf({ checks }: Quality): string {
  const failed = checks.filter(({ isPassed }) => !isPassed);
  const findings = failed.map(({ name, measured, wanted }) => `${name}: ${measured} (wanted: ${wanted})`);
  return `The video is out of bounds. ${findings.join("; ")}`;
}

/** Stores the manifest, which lists what was made. */
export const deliver: StageWork<"delivery"> = async ({ files, input, preset }, _, products) => {
  const { title } = needed(products, "script");
  const { durationMs } = needed(products, "narrated").timeline;
  const made = { preset: preset.name, title, durationMs, metadata: input.metadata };
  const manifest = await storeJson({ files }, "manifest.json", {
    ...made,
    files: products.files,
    quality: needed(products, "quality"),
  });
  return { files: { manifest } };
};
