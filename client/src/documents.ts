import { FinalStatus, JobStatus } from "@baton/protocol";
import { BatonError } from "./errors.ts";
import { documents, type JobResultView, type JobView } from "./views.ts";

/** The fields of a document as the Firestore SDK gives them. */
export type DocumentFields = Readonly<Record<string, unknown>>;

/**
 * True once a job has ended: its status stays as it is, and its result can be read. A job whose status this version does not know has
 * ended when it says at what time.
 */
export function isFinished(job: Pick<JobView, "status" | "finishedAt">): boolean {
  if (FinalStatus.safeParse(job.status).success) return true;
  return !JobStatus.safeParse(job.status).success && job.finishedAt !== undefined;
}

/**
 * Reads a `jobs/{jobId}` document as the API would show it: instants become ISO 8601 in UTC, fields that a client
 * has no use for are dropped. Throws `BatonError` (`malformed-document`) when it is not a job.
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
 * Reads a `results/{jobId}` document. An output that Firestore cannot hold as it is (an array directly inside an
 * array) is stored as the text `outputJson` and comes back as a value all the same.
 * Throws `BatonError` (`malformed-document`) when it is not a result.
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

/** A Firestore `Timestamp` as text; any other value as it is. Known by its method, so that every Firestore SDK's will do. */
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
