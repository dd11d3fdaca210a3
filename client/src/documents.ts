import { FinalStatus, JobStatus } from "@baton/protocol";
import { BatonError } from "./errors.ts";
import { documents, type JobResultView, type JobView } from "./views.ts";

/** Fields of a document, as the Firestore SDK gives them. */
export type DocumentFields = Readonly<Record<string, unknown>>;

/**
 * True for a job in a final status: the status never changes again, and the result can be read. A job with a status of
 * a newer server is final when it has `finishedAt`.
 */
export function isFinal(job: Pick<JobView, "status" | "finishedAt">): boolean {
  if (FinalStatus.safeParse(job.status).success) return true;
  return !JobStatus.safeParse(job.status).success && job.finishedAt !== undefined;
}

/**
 * Reads a `batonJobs/{jobId}` document as the view that the API gives: instants become ISO 8601 in UTC, private fields
 * are dropped. Throws `BatonError` (`malformed-document`) when the document is not a job.
 */
export function jobOfDocument(jobId: string, fields: DocumentFields): JobView {
  const { history } = fields;
  const parsed = documents.job.safeParse({
    ...mapValues(fields, isoOf),
    jobId,
    history: Array.isArray(history)
      ? history.map((line: unknown) => (isFields(line) ? mapValues(line, isoOf) : line))
      : [],
  });
  if (!parsed.success) throw malformed(`batonJobs/${jobId}`, parsed.error);
  return parsed.data;
}

/**
 * Reads a `batonResults/{jobId}` document. Firestore cannot store an array directly inside an array: such an output is
 * stored as the text `outputJson`, and parsed here. Throws `BatonError` (`malformed-document`) when the document is no
 * result.
 */
export function resultOfDocument(jobId: string, fields: DocumentFields): JobResultView {
  const { outputJson, ...rest } = fields;
  const output = typeof outputJson === "string" ? { output: parseJson(jobId, outputJson) } : {};
  const parsed = documents.result.safeParse({ ...rest, ...output, createdAt: isoOf(fields.createdAt), jobId });
  if (!parsed.success) throw malformed(`batonResults/${jobId}`, parsed.error);
  return parsed.data;
}

function parseJson(jobId: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(`batonResults/${jobId}`, cause);
  }
}

function malformed(path: string, cause: unknown): BatonError {
  return new BatonError("malformed-document", `The document ${path} cannot be read by this version of the client.`, {
    cause,
  });
}

/**
 * Converts a Firestore `Timestamp` to text, and gives any other value unchanged. Recognised by its method, for every
 * SDK.
 */
function isoOf(value: unknown): unknown {
  if (!isFields(value) || typeof value.toDate !== "function") return value;
  const date: unknown = value.toDate();
  return date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function mapValues(fields: DocumentFields, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, map(value)]));
}
