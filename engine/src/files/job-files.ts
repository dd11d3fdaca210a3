import type { FileRef } from "@baton/protocol";
import { PermanentError } from "../job-types/job-errors.ts";
import type { StoredFile } from "../job-types/job-files.ts";
import type { JobFileStore, StepAnswer } from "../jobs/ports.ts";
import type { Clock, Ids } from "../kit/ports.ts";
import { measuredData } from "./measured-data.ts";
import type { FileRecordStore, ObjectStore } from "./ports.ts";
import { type FileRecord, isStored, newFile } from "./rules/file.ts";
import { verifiedBytes } from "./verified-bytes.ts";

/** The ports of the files of jobs. */
export interface JobFilePorts {
  records: FileRecordStore;
  objects: ObjectStore;
  clock: Clock;
  ids: Pick<Ids, "documentId">;
}

/** Of a job that was submitted before tiers had such a limit. */
const DEFAULT_MAX_FILE_BYTES = 100_000_000;

/** The files of jobs, over a bucket. */
export function jobFiles(ports: JobFilePorts): JobFileStore {
  return {
    write: (...given) => writeFile(ports, ...given),
    open: async (job, file) => openFile(ports, job, file),
  };
}

/** The files of jobs in a deployment without a bucket: each call rejects with a PermanentError. */
export const noJobFiles: JobFileStore = {
  write: async () => refuse(),
  open: async () => refuse(),
};

function refuse(): never {
  const message = "This deployment keeps no files: its operator sets FILES_BUCKET.";
  throw new PermanentError("files-not-configured", message);
}

async function writeFile(
  { records, objects, clock, ids }: JobFilePorts,
  ...[step, job, { name, contentType, data }, signal]: Parameters<JobFileStore["write"]>
): Promise<StepAnswer> {
  const { source, total } = measuredData(name, data, job.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES);
  const { jobId, owner } = job;
  const file = newFile({ fileId: ids.documentId(), owner, jobId, name, contentType }, clock.now());
  await records.create(file);
  await objects.upload(file.object, source, { contentType, signal });
  return records.complete(step, { fileId: file.fileId, name, contentType, ...total() }, clock.now());
}

async function openFile(ports: JobFilePorts, job: { jobId: string; owner: string }, file: string | FileRef) {
  const { records } = ports;
  const found = typeof file === "string" ? await records.find(job.jobId, file) : await records.read(file.fileId);
  return found?.owner === job.owner ? storedFile(ports, found) : undefined;
}

/** The file of a record; undefined when its bytes are not there. */
async function storedFile({ objects }: JobFilePorts, record: FileRecord): Promise<StoredFile | undefined> {
  const { fileId, name, contentType, object, sha256 } = record;
  // An upload is noted as stored by the sweep, later than by its owner.
  const isOpenUpload = record.state === "open" && record.jobId === undefined;
  const bytes = isStored(record) ? record.bytes : isOpenUpload ? await objects.sizeOf(object) : undefined;
  if (bytes === undefined) return undefined;
  const stream = () =>
    verifiedBytes(name, () => objects.open(object), { bytes, ...(sha256 !== undefined && { sha256 }) });
  return {
    ...{ fileId, name, contentType, bytes, ...(sha256 !== undefined && { sha256 }) },
    stream,
    content: () => joined(stream()),
  };
}

async function joined(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
