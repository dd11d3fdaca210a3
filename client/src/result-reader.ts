import { resultOfDocument } from "./documents.ts";
import { BatonError } from "./errors.ts";
import { PATIENCE } from "./following.ts";
import { backoffMs, isPassing, pause } from "./retry.ts";
import type { JobResultView } from "./views.ts";
import type { JobDocuments, JobListener } from "./watch.ts";

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

/** Time for Firestore, whose SDK may wait long for a stalled connection. The API is asked afterwards. */
const FIRESTORE_MS = 10_000;

/** Reads a result from the API. */
export type ReadResult = (jobId: string) => Promise<JobResultView>;

/**
 * Reads the result of a final job and gives it to the listener. Tries until it has the result or `stopped` aborts:
 * after half a second, doubled up to 30 s, less up to half at random; at once when the browser is online again. The
 * listener gets the third failure in a row, and a lasting failure, which is the last one. Rejects only when the
 * listener throws.
 */
export async function readResultWithRetries(reading: {
  documents: JobDocuments;
  jobId: string;
  askApi: ReadResult;
  listener: Pick<JobListener, "onResult" | "onError">;
  stopped: AbortSignal;
}): Promise<void> {
  const { documents, jobId, askApi, listener, stopped } = reading;
  for (let failures = 1; !stopped.aborted; failures++) {
    const read = await resultOf(documents, jobId, askApi);
    if (stopped.aborted) return;
    if (!(read instanceof BatonError)) return listener.onResult?.(read);
    if (isLasting(read) || failures === PATIENCE) listener.onError(read);
    if (isLasting(read)) return;
    await pause(backoffMs(failures, FIRST_DELAY_MS, MAX_DELAY_MS), stopped);
  }
}

/** Reads a result from Firestore, which usually has it; from the API when Firestore does not, or fails. */
async function resultOf(
  documents: JobDocuments,
  jobId: string,
  askApi: ReadResult,
): Promise<JobResultView | BatonError> {
  try {
    return (await storedResultOf(documents, jobId)) ?? (await askApi(jobId));
  } catch (cause) {
    return cause instanceof BatonError ? cause : new BatonError("network", "The result cannot be read now.", { cause });
  }
}

async function storedResultOf(documents: JobDocuments, jobId: string): Promise<JobResultView | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, FIRESTORE_MS, undefined);
    });
    const fields = await Promise.race([documents.readResult(jobId), late]);
    const result = fields && resultOfDocument(jobId, fields);
    return result && (result.output !== undefined || result.error !== undefined || isWithoutOutput(result))
      ? result
      : undefined;
  } catch {
    // Offline, refused or unreadable: the caller asks the API.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * True for a result that has no output. Otherwise a document without output belongs to one above 100 KiB, stored
 * elsewhere.
 */
function isWithoutOutput({ status }: JobResultView): boolean {
  return status === "failed" || status === "cancelled";
}

const LASTING_CODES: readonly unknown[] = ["not-found", "forbidden", "invalid-argument", "malformed-document"];

function isLasting(error: BatonError): boolean {
  const isForeign = error.code === "unexpected-answer" && !isPassing(error);
  return LASTING_CODES.includes(error.code) || isForeign;
}
