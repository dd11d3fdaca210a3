import type { CatalogEntry } from "@baton/client";
import { z } from "zod";
import type { StageName } from "./types.ts";

const PresetChoice = z.object({
  type: z.literal("pipeline.run"),
  name: z.string(),
  frame: z.object({ width: z.number(), height: z.number() }),
  seconds: z.object({ least: z.number(), most: z.number() }),
  maxContentChars: z.number(),
  estimateSeconds: z.number(),
  stages: z.array(z.object({ stage: z.string(), captions: z.boolean().optional() })),
});

/** A preset that a form offers. */
export type PresetChoice = z.infer<typeof PresetChoice>;

/** The presets among the entries of the catalog. One of a newer server that cannot be read is not offered. */
export function presetsIn(entries: readonly CatalogEntry[]): PresetChoice[] {
  return entries.flatMap((entry) => PresetChoice.safeParse(entry).data ?? []);
}

/** The stages that add a part to the video, in words. */
const PARTS: readonly (readonly [stage: StageName, part: string])[] = [
  ["music", "music"],
  ["subtitles", "subtitles"],
  ["storyboard", "storyboard"],
  ["thumbnail", "thumbnail"],
];

/** Lists what a preset makes: size, length and parts, such as `1280×720`, `30 s`, `music`. */
export function partsOf({ frame, seconds, stages }: PresetChoice): string[] {
  const { least, most } = seconds;
  const hasStage = (name: string) => stages.some(({ stage }) => stage === name);
  return [
    `${frame.width}×${frame.height}`,
    least === most ? `${most} s` : `up to ${most} s`,
    ...(stages.some(({ captions }) => captions) ? ["captions in the picture"] : []),
    ...PARTS.filter(([stage]) => hasStage(stage)).map(([, part]) => part),
  ];
}

/** The time that a worker takes, by the estimates of the stages: `29 s`, `about 2 min`. */
export function estimateOf({ estimateSeconds }: PresetChoice): string {
  return estimateSeconds < 90
    ? `about ${Math.round(estimateSeconds)} s`
    : `about ${Math.round(estimateSeconds / 60)} min`;
}
