import type { CommentInput } from "./types.ts";

/** Number of comments of the sample. */
export const SAMPLE_SIZE = 60;

/** Loads real comments of real videos, each on one line. */
export async function readSampleComments(): Promise<CommentInput[]> {
  const { default: comments } = await import("./sample-comments.json", { with: { type: "json" } });
  return comments
    .slice(0, SAMPLE_SIZE)
    .map(({ text, publishedAt }) => ({ text: text.replace(/\s+/g, " ").trim(), publishedAt }));
}
