import type { CommentInput } from "@baton/protocol";

// A result names comments that were given by their position and not by their text, and a job's input is read by no browser.
// The tab that submitted them keeps the texts, for as long as it is open, so that the table can show them.
const PREFIX = "baton.comments.";

/** Keeps the comments of a job that `uid` just submitted here. */
export function keepSubmittedComments(uid: string, jobId: string, comments: readonly CommentInput[]): void {
  try {
    sessionStorage.setItem(keyOf(uid, jobId), JSON.stringify(comments.map((comment) => comment.text)));
  } catch {
    // Full or forbidden storage: the table shows positions instead of texts.
  }
}

/** The texts of a job's comments, by position; empty when `uid` did not submit it in this tab. */
export function submittedComments(uid: string, jobId: string): string[] {
  try {
    const texts: unknown = JSON.parse(sessionStorage.getItem(keyOf(uid, jobId)) ?? "[]");
    return Array.isArray(texts) ? texts.map(String) : [];
  } catch {
    // Unreadable is as good as absent.
    return [];
  }
}

/**
 * Forgets the comments of every user but `uid`; of all users when it is undefined (signed out). Called whenever the
 * signed-in user changes, however that happens: by the menu, in another tab, or because the account was disabled.
 */
export function forgetCommentsOfOthers(uid: string | undefined): void {
  try {
    const own = uid === undefined ? undefined : keyOf(uid, "");
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX) && (own === undefined || !key.startsWith(own))) sessionStorage.removeItem(key);
    }
  } catch {
    // Forbidden storage has kept nothing.
  }
}

function keyOf(uid: string, jobId: string): string {
  return `${PREFIX}${encodeURIComponent(uid)}/${jobId}`;
}
