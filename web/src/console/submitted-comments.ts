import type { CommentInput } from "@baton/protocol";

// A result names comments that were given by their position and not by their text, and a job's input is read by no browser.
// The tab that submitted them keeps the texts, for as long as it is open, so that the table can show them.
const PREFIX = "baton.comments.";

/** Keeps the comments of a job that was just submitted here. */
export function keepSubmittedComments(jobId: string, comments: readonly CommentInput[]): void {
  try {
    sessionStorage.setItem(PREFIX + jobId, JSON.stringify(comments.map((comment) => comment.text)));
  } catch {
    // Full or forbidden storage: the table shows positions instead of texts.
  }
}

/** The texts of a job's comments, by position; empty when it was submitted elsewhere. */
export function submittedComments(jobId: string): string[] {
  try {
    const texts: unknown = JSON.parse(sessionStorage.getItem(PREFIX + jobId) ?? "[]");
    return Array.isArray(texts) ? texts.map(String) : [];
  } catch {
    // Unreadable is as good as absent.
    return [];
  }
}

/** Forgets all of them: the next user of this tab is somebody else. */
export function forgetSubmittedComments(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
