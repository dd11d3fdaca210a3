import { storableText } from "@baton/protocol";
import { BatonError } from "./errors.ts";

/** Firestore takes no longer id: https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const MAX_ID_BYTES = 1500;

/**
 * Checks that a job may have `jobId`. Throws `BatonError`: `invalid-argument` when it is no text or empty, which is the
 * program's mistake; `not-found` for a text that no job can have, such as one of a broken link.
 */
export function checkJobId(jobId: string): void {
  if (typeof jobId !== "string" || jobId === "") {
    throw new BatonError("invalid-argument", "A job's id is a text that is not empty.");
  }
  const bytes = new TextEncoder().encode(jobId);
  // Half a surrogate pair is encoded as U+FFFD, and comes back as another text.
  const isWellFormed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) === jobId;
  const isReserved = /^\.\.?$|^__.*__$/s.test(jobId);
  if (!isWellFormed || isReserved || bytes.byteLength > MAX_ID_BYTES) throw noSuchJob(jobId);
}

/** Checks that a document may have `jobId`: as `checkJobId`, and without a slash, which separates names in a path. */
export function checkDocumentId(jobId: string): void {
  checkJobId(jobId);
  if (jobId.includes("/")) throw noSuchJob(jobId);
}

/**
 * Makes the error for an id that no job has. It is the same for a job that does not exist and for a job of another
 * owner.
 */
export function noSuchJob(jobId: string, cause?: unknown): BatonError {
  const shown = jobId.length > 100 ? `${storableText(jobId, 100)}...` : jobId;
  return new BatonError("not-found", `There is no job ${shown}, or it belongs to another user.`, { cause });
}
