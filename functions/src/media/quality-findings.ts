import { z } from "zod";

/** One thing that was measured. */
const QualityCheck = z.object({
  name: z.enum(["duration", "streams", "loudness", "silence", "black-frames", "subtitles"]),
  isPassed: z.boolean(),
  /** The measured value, in words. */
  measured: z.string(),
  /** The allowed range, in words. */
  wanted: z.string(),
});
export type QualityCheck = z.infer<typeof QualityCheck>;

/** The measurement of a finished file. */
export const Quality = z.object({ isPassed: z.boolean(), checks: z.array(QualityCheck) });
export type Quality = z.infer<typeof Quality>;
