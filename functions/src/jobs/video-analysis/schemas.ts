import { z } from "zod";

/**
 * A comment as a caller gives it. Text may be empty, of any language, up to 10,000 characters (YouTube's own limit).
 */
export const CommentInput = z.strictObject({
  text: z.string().max(10_000),
  publishedAt: z.iso.datetime({ offset: true, local: true }).optional(),
  likes: z.int().min(0).optional(),
});
export type CommentInput = z.infer<typeof CommentInput>;

/** Input of job type `video.analysis`. */
export const VideoAnalysisInput = z
  .strictObject({
    /** An 11-character video id, or any usual form of a YouTube URL. */
    videoUrlOrId: z.string().min(1).max(2048).optional(),
    /** When given, nothing is fetched. */
    comments: z.array(CommentInput).max(5000).optional(),
    /** Analyse at most this many comments. */
    maxComments: z.int().min(1).max(5000).default(1000),
    includeSentiment: z.boolean().default(true),
    includeClassification: z.boolean().default(true),
    includeInsights: z.boolean().default(true),
    includeSummary: z.boolean().default(true),
  })
  .refine((input) => input.videoUrlOrId !== undefined || input.comments !== undefined, {
    message: "give videoUrlOrId, comments, or both",
    path: ["videoUrlOrId"],
  });
export type VideoAnalysisInput = z.infer<typeof VideoAnalysisInput>;

export const Sentiment = z.enum(["positive", "neutral", "negative"]);
export type Sentiment = z.infer<typeof Sentiment>;

export const CommentClass = z.enum(["question", "praise", "criticism", "suggestion", "spam", "other"]);
export type CommentClass = z.infer<typeof CommentClass>;

const Count = z.int().min(0);

/** A subject that many comments share. */
export const Theme = z.object({
  /** The phrase that names the theme. */
  label: z.string(),
  phrases: z.array(z.string()),
  /** Comments that belong to it. */
  count: Count,
  sentiment: Sentiment.optional(),
  /** Indexes into `comments`, most telling first. */
  examples: z.array(z.object({ index: Count, text: z.string() })),
});
export type Theme = z.infer<typeof Theme>;

/** Longest `text` in `VideoAnalysisOutput.comments`, in UTF-16 units. */
export const MAX_OUTPUT_TEXT_CHARS = 300;

/** Output of job type `video.analysis`; a part that was switched off is absent. */
export const VideoAnalysisOutput = z.object({
  video: z
    .object({
      id: z.string(),
      url: z.url(),
      title: z.string().optional(),
      channel: z.string().optional(),
      publishedAt: z.string().optional(),
      commentCount: Count.optional(),
    })
    .optional(),
  comments: z.array(
    z.object({
      /** Position in the analysed comments, from 0. */
      index: Count,
      /**
       * The comment as a reader saw it, on one line; present when the comments were fetched. A longer one is cut at 300
       * characters, or at fewer when many are long, and ends in `…`.
       */
      text: z.string().max(MAX_OUTPUT_TEXT_CHARS).optional(),
      sentiment: Sentiment.optional(),
      /** Polarity of the text, -1 (negative) to 1 (positive). */
      score: z.number().min(-1).max(1).optional(),
      class: CommentClass.optional(),
    }),
  ),
  sentiment: z.object({ positive: Count, neutral: Count, negative: Count, averageScore: z.number() }).optional(),
  classes: z.record(CommentClass, Count).optional(),
  insights: z
    .object({
      themes: z.array(Theme),
      topQuestions: z.array(z.object({ index: Count, text: z.string(), likes: Count.optional() })),
    })
    .optional(),
  /** Sentences taken from the comments as they are, with a line of counts before them. */
  summary: z.string().optional(),
});
export type VideoAnalysisOutput = z.infer<typeof VideoAnalysisOutput>;
