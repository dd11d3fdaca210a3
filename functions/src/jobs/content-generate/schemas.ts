import { z } from "zod";
import { Line } from "../../content/line.ts";
import { StoredFile } from "../../content/stored-file.ts";
import { LANGUAGE_CODES } from "../../media/languages.ts";
import { Quality } from "../../media/quality-findings.ts";

/** The forms that content comes in. */
export const ContentFormat = z.enum(["script", "audio", "video", "subtitles", "thumbnail"]);
export type ContentFormat = z.infer<typeof ContentFormat>;

/** Characters of all documents of an input together. */
const MAX_DOCUMENTS_CHARS = 400_000;

/** A source as the caller gives it. */
const Document = z.strictObject({
  title: Line(200).optional(),
  text: z.string().min(1).max(200_000),
});

/** Only the form is judged here; the address itself, when it is fetched. */
const SourceUrl = z
  .url({ protocol: /^https?$/, message: "is not an http or https URL" })
  .max(2048)
  .refine((text) => !/^[^/?#]*\/\/[^/?#]*@/.test(text), { message: "has a user or a password" });

/** Input of job type `content.generate`. */
export const ContentInput = z
  .strictObject({
    /** A learner's question. */
    query: Line(500),
    /** Texts that the answer is taken from. */
    documents: z.array(Document).min(1).max(20).optional(),
    /** Pages that the answer is taken from. */
    sourceUrls: z.array(SourceUrl).min(1).max(10).optional(),
    /** Whom it is for: `children`, `beginners`, `experts in law`. */
    audience: Line(100).optional(),
    /** Interests of the audience: they count where passages fit the question alike. */
    interests: z.array(Line(50)).max(10).default([]),
    language: z.enum(LANGUAGE_CODES).default("en"),
    seconds: z.int().min(10).max(180).default(60),
    formats: z
      .array(ContentFormat)
      .min(1)
      .max(ContentFormat.options.length)
      .refine((formats) => new Set(formats).size === formats.length, { message: "names a format twice" }),
  })
  .superRefine(({ documents, sourceUrls }, context) => {
    if (documents === undefined && sourceUrls === undefined) {
      context.addIssue({ code: "custom", path: ["documents"], message: "give documents or sourceUrls" });
    }
    const chars = (documents ?? []).reduce((sum, { text }) => sum + text.length, 0);
    if (chars > MAX_DOCUMENTS_CHARS) {
      const message = `have ${chars} characters together; the most is ${MAX_DOCUMENTS_CHARS}`;
      context.addIssue({ code: "custom", path: ["documents"], message });
    }
  });
export type ContentInput = z.infer<typeof ContentInput>;

/** A query, understood. */
export const Understanding = z.object({
  /** The query as a picture can show it. */
  title: z.string(),
  /** Its subject, in the query's own words. */
  topic: z.string(),
  intent: z.enum(["explain", "define", "compare", "instruct", "reason", "fact"]),
  level: z.enum(["beginner", "intermediate", "advanced"]),
  /** Names in the query. */
  entities: z.array(z.string()),
  /** The words that carry its meaning, in lower case. */
  keywords: z.array(z.string()),
});
export type Understanding = z.infer<typeof Understanding>;

/** A place in a source that a scene rests on. */
const Citation = z.object({
  /** Number of the source, from 0: documents first, then URLs. */
  source: z.int().min(0),
  /** UTF-16 offsets in the source's text. */
  start: z.int().min(0),
  end: z.int().min(0),
  /** The text there. */
  quote: z.string(),
});

/** A part of a script that shows one picture. */
export const Scene = z.object({
  narration: z.string().min(1),
  /** The line on the picture. */
  caption: z.string().min(1),
  seconds: z.number().positive(),
  citations: z.array(Citation).min(1),
});
export type Scene = z.infer<typeof Scene>;

/** A script, and who wrote it. */
export const Script = z.object({
  title: z.string(),
  scenes: z.array(Scene).min(1),
  /** `extractive`, or the name of the language model. */
  writer: z.string(),
  tokens: z.object({ input: z.int(), output: z.int() }).optional(),
});
export type Script = z.infer<typeof Script>;

/** Output of job type `content.generate`. */
export const ContentOutput = z.object({
  understanding: Understanding,
  sources: z.array(
    z.object({
      title: z.string(),
      url: z.string().optional(),
      /** Why a page could not be used. */
      failure: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
  script: Script,
  /** The engine that spoke, where something was spoken. */
  voice: z.string().optional(),
  durationMs: z.number().optional(),
  /** The files by format, those that were asked for. */
  files: z.partialRecord(ContentFormat, StoredFile),
  /** Of the video, else of the audio; absent where neither was asked for. */
  quality: Quality.optional(),
});
export type ContentOutput = z.infer<typeof ContentOutput>;
