import { z } from "zod";
import { STAGE_FACTS } from "./stage-facts.ts";

/** Time of a stage: what it takes on a worker of the queue `heavy`, and what it may take before it fails. */
const Timed = { estimateSeconds: z.number().positive(), limitSeconds: z.number().positive() };

/** A stage of a preset, with its parameters. */
export const Stage = z.discriminatedUnion("stage", [
  /** Reads the content. */
  z.strictObject({ stage: z.literal("analysis"), ...Timed }),
  /** Chooses what is said, and parts it into scenes of about `sceneSeconds`. */
  z.strictObject({ stage: z.literal("script"), sceneSeconds: z.number().min(1).max(30), ...Timed }),
  /** Draws all scenes on one sheet, `columns` side by side. */
  z.strictObject({ stage: z.literal("storyboard"), columns: z.int().min(1).max(6), ...Timed }),
  /** Composes the music bed. */
  z.strictObject({ stage: z.literal("music"), mood: z.enum(["calm", "bright", "serious"]), ...Timed }),
  /** Speaks the script. */
  z.strictObject({ stage: z.literal("narration"), ...Timed }),
  /** Mixes speech and music. */
  z.strictObject({ stage: z.literal("sound"), ...Timed }),
  /** Writes the captions as a file. */
  z.strictObject({ stage: z.literal("subtitles"), ...Timed }),
  /** Draws and encodes the video; `captions`: burnt into the picture. */
  z.strictObject({ stage: z.literal("video"), captions: z.boolean(), ...Timed }),
  /** Draws the picture that stands for the video. */
  z.strictObject({ stage: z.literal("thumbnail"), ...Timed }),
  /** Measures the video, and fails the job when it is out of these bounds. */
  z.strictObject({
    stage: z.literal("review"),
    durationShare: z.number().min(0).max(0.5),
    loudnessLu: z.number().min(0).max(6),
    ...Timed,
  }),
  /** Lists what was made in a manifest. */
  z.strictObject({ stage: z.literal("delivery"), ...Timed }),
]);
export type Stage = z.infer<typeof Stage>;
export type StageNamed<Name extends Stage["stage"]> = Extract<Stage, { stage: Name }>;

/** H.264 takes even sizes. */
const Pixels = z.int().min(180).max(3840).multipleOf(2);

/** A kind of video: what it is, and the stages that make it. */
export const Preset = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    description: z.string().min(1),
    frame: z.strictObject({ width: Pixels, height: Pixels }),
    /** The video lasts as long as its words take, within these bounds. */
    seconds: z.strictObject({ least: z.number().positive(), most: z.number().max(180) }),
    /** The most characters of content. */
    maxContentChars: z.int().positive().max(20_000),
    stages: z.array(Stage).min(1),
  })
  .superRefine(({ seconds, stages }, context) => {
    const refuse = (message: string, ...path: (string | number)[]) =>
      context.addIssue({ code: "custom", message, path });
    if (seconds.least > seconds.most) refuse("is more than the most", "seconds", "least");
    const before: Stage["stage"][] = [];
    for (const [index, { stage, estimateSeconds, limitSeconds }] of stages.entries()) {
      const { needs, order } = STAGE_FACTS[stage];
      const missing = needs.find((need) => !before.includes(need));
      if (missing !== undefined) refuse(`needs the stage ${missing} before it`, "stages", index);
      if (before.includes(stage)) refuse("is there twice", "stages", index);
      if (before.some((earlier) => STAGE_FACTS[earlier].order > order)) refuse("goes back", "stages", index);
      if (estimateSeconds > limitSeconds) refuse("is estimated above its limit", "stages", index);
      before.push(stage);
    }
    if (before.at(-1) !== "delivery") refuse("have to end with delivery", "stages");
  });
export type Preset = z.infer<typeof Preset>;
