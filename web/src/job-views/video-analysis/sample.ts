import type { CommentInput } from "./types.ts";

/** How many comments the sample gives. */
export const SAMPLE_SIZE = 60;

/** Real comments of real videos, each on one line; loaded when asked for. */
export async function readSampleComments(): Promise<CommentInput[]> {
  const { default: comments } = await import("./sample-comments.json", { with: { type: "json" } });
  return comments
    .slice(0, SAMPLE_SIZE)
    .map(({ text, publishedAt }) => ({ text: text.replace(/\s+/g, " ").trim(), publishedAt }));
}
