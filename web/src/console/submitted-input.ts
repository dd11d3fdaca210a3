import type { JsonValue } from "@baton/protocol";

// No browser can read the input of a job. The tab that submitted the job keeps it, for as long as the tab is open.
const PREFIX = "baton.inputs.";

/** Keeps the input of a job that `uid` just submitted here. */
export function keepSubmittedInput(uid: string, jobId: string, input: unknown): void {
  try {
    sessionStorage.setItem(keyOf(uid, jobId), JSON.stringify(input));
  } catch {
    // Full or forbidden storage: the job is shown without its input.
  }
}

/** Gives the input of a job; undefined when `uid` did not submit the job in this tab. */
export function submittedInput(uid: string, jobId: string): JsonValue | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(uid, jobId));
    return text === null ? undefined : JSON.parse(text);
  } catch {
    // Unreadable storage counts as empty.
    return undefined;
  }
}

/**
 * Forgets the inputs of every user but `uid`; of all users when it is undefined (signed out). Called whenever the
 * signed-in user changes: by the menu, in another tab, or because the account was disabled.
 */
export function forgetInputsOfOthers(uid: string | undefined): void {
  try {
    const own = uid === undefined ? undefined : keyOf(uid, "");
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX) && (own === undefined || !key.startsWith(own))) sessionStorage.removeItem(key);
    }
  } catch {
    // Forbidden storage holds nothing to remove.
  }
}

function keyOf(uid: string, jobId: string): string {
  return `${PREFIX}${encodeURIComponent(uid)}/${jobId}`;
}
