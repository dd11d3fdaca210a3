import { resultOfDocument } from "./documents.ts";
import { BatonError } from "./errors.ts";
import { PATIENCE } from "./following.ts";
import { backoffMs, isPassing, pause } from "./retry.ts";
import type { JobResultView } from "./views.ts";
import type { JobDocuments, JobListener } from "./watch.ts";

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

/** Firestore's SDK may wait long for a connection that stands still; the API is asked then. */
const FIRESTORE_MS = 10_000;

/** Asks the API for a result. */
export type ReadResult = (jobId: string) => Promise<JobResultView>;

/**
 * Reads the result of a finished job and gives it to the listener. Tries again until it is read or `ended` aborts:
 * after half a second, doubled up to 30 s, less up to half by chance. A browser that is online again tries at once. The
 * listener hears of the third failure in a row, and of an error that no second try mends, which is the end. Never
 * rejects, unless the listener itself throws.
 */
export async function readUntilRead(reading: {
  documents: JobDocuments;
  jobId: string;
  askApi: ReadResult;
  listener: Pick<JobListener, "onResult" | "onError">;
  ended: AbortSignal;
}): Promise<void> {
  const { documents, jobId, askApi, listener, ended } = reading;
  for (let failures = 1; !ended.aborted; failures++) {
    const read = await resultOf(documents, jobId, askApi);
    if (ended.aborted) return;
    if (!(read instanceof BatonError)) return listener.onResult?.(read);
    const isOver = isLasting(read);
    if (isOver || failures === PATIENCE) listener.onError(read);
    if (isOver) return;
    await pause(backoffMs(failures, FIRST_DELAY_MS, MAX_DELAY_MS), ended);
  }
}

/** From Firestore, where it usually is; whatever is wrong there, the API has it, too. */
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
    // Offline, refused or unreadable: the API answers for it.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** An output above 100 KiB is not in the document. */
function isWithoutOutput({ status }: JobResultView): boolean {
  return status === "failed" || status === "cancelled";
}

const LASTING_CODES: readonly unknown[] = ["not-found", "forbidden", "invalid-argument", "malformed-document"];

function isLasting(error: BatonError): boolean {
  const isForeign = error.code === "unexpected-answer" && !isPassing(error);
  return LASTING_CODES.includes(error.code) || isForeign;
}
