import { storableText } from "@baton/protocol";
import { BatonError } from "./errors.ts";

/**
 * Longest document id of Firestore: https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields
 */
const MAX_ID_BYTES = 1500;

/**
 * Checks that a job can have `jobId`. Throws `BatonError`: `invalid-argument` for an empty text and for no text, which
 * are mistakes of the program; `not-found` for a text that no job can have, such as part of a broken link.
 */
export function checkJobId(jobId: string): void {
  if (typeof jobId !== "string" || jobId === "") {
    throw new BatonError("invalid-argument", "A job's id is a text that is not empty.");
  }
  const bytes = new TextEncoder().encode(jobId);
  // Half a surrogate pair is encoded as U+FFFD, so it decodes to another text.
  const isWellFormed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) === jobId;
  const isReserved = /^\.\.?$|^__.*__$/s.test(jobId);
  if (!isWellFormed || isReserved || bytes.byteLength > MAX_ID_BYTES) throw noSuchJob(jobId);
}

/**
 * Checks that a document can have `jobId`: as `checkJobId`, and without a slash, which separates the names of a path.
 */
export function checkDocumentId(jobId: string): void {
  checkJobId(jobId);
  if (jobId.includes("/")) throw noSuchJob(jobId);
}

/**
 * Makes the error for an unknown job. It is the same for a job of another owner, so that it tells nothing of that job.
 */
export function noSuchJob(jobId: string, cause?: unknown): BatonError {
  const shown = jobId.length > 100 ? `${storableText(jobId, 100)}...` : jobId;
  return new BatonError("not-found", `There is no job ${shown}, or it belongs to another user.`, { cause });
}
