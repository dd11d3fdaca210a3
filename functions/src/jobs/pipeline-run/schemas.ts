import { z } from "zod";
import { Line } from "../../content/line.ts";
import { StoredFile } from "../../content/stored-file.ts";
import { LANGUAGE_CODES } from "../../media/languages.ts";
import { Quality } from "../../media/quality-findings.ts";
import type { Preset } from "./presets/preset.ts";
import { STATES } from "./presets/stage-facts.ts";

const MAX_METADATA_FIELDS = 20;

/** Control characters other than line breaks and tabs, and marks that change the direction of what follows them. */
const HIDDEN = /[^\P{Cc}\t\n\r]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

/** The text that is said and shown. */
const Content = z
  .string()
  .trim()
  .min(1)
  .max(20_000)
  .refine((text) => !HIDDEN.test(text), { message: "has control characters" });

/** Facts about the content. Fields without a meaning here come back in the output as they are. */
const Metadata = z
  .object({
    /** The heading of the first scene; the first sentence when absent. */
    title: Line(120).optional(),
    /** A line below the headings, as in a brand. */
    author: Line(80).optional(),
    /** The language that the content is in. */
    language: z.enum(LANGUAGE_CODES).default("en"),
  })
  .catchall(z.union([z.string().max(500), z.number(), z.boolean()]))
  .refine((fields) => Object.keys(fields).length <= MAX_METADATA_FIELDS, {
    message: `has more than ${MAX_METADATA_FIELDS} fields`,
  });

/** Input of job type `pipeline.run`, over these presets. */
export function pipelineInput(presets: readonly Preset[]) {
  const names = presets.map(({ name }) => name);
  return z
    .strictObject({
      content: Content,
      /** `GET /v1/presets` has what each of them makes. */
      preset: z.enum(names, { error: `has to be one of the presets: ${names.join(", ")}` }),
      metadata: Metadata.prefault({}),
    })
    .superRefine(({ content, preset: name }, context) => {
      const most = presets.find((preset) => preset.name === name)?.maxContentChars;
      if (most === undefined || content.length <= most) return;
      const message = `has ${content.length} characters; the most for ${name} is ${most}`;
      context.addIssue({ code: "custom", path: ["content"], message });
    });
}
export type PipelineInput = z.infer<ReturnType<typeof pipelineInput>>;

/** The script, scene by scene. */
export const PipelineScript = z.object({
  title: z.string(),
  scenes: z
    .array(z.object({ narration: z.string().min(1), caption: z.string().min(1), seconds: z.number().positive() }))
    .min(1),
  /** Sentences of the content that the time has no room for. */
  omittedSentences: z.int().min(0),
});
export type PipelineScript = z.infer<typeof PipelineScript>;

/** A stage in the history of a job. */
const StageRecord = z.object({
  state: z.enum(STATES),
  stage: z.string(),
  startedAt: z.iso.datetime(),
  /** Until the next stage began: with the waits and the further attempts that came in between. */
  durationMs: z.number().min(0),
});
export type StageRecord = z.infer<typeof StageRecord>;

const FileKind = z.enum(["video", "audio", "subtitles", "thumbnail", "storyboard", "manifest"]);

/** Output of job type `pipeline.run`. */
export const PipelineOutput = z.object({
  preset: z.string(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  script: PipelineScript,
  /** The engine that spoke. */
  voice: z.string(),
  music: z.object({ mood: z.string(), beatsAMinute: z.number(), notes: z.int() }).optional(),
  durationMs: z.number(),
  /** The size of the video in pixels. */
  frame: z.object({ width: z.int(), height: z.int() }),
  /** The files that the preset makes. */
  files: z.partialRecord(FileKind, StoredFile),
  quality: Quality,
  /** Where the time went. */
  stages: z.array(StageRecord),
});
export type PipelineOutput = z.infer<typeof PipelineOutput>;
