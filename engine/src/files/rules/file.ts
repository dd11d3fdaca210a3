import { expiryOf } from "../../kit/retention.ts";
import { shardOf } from "../../kit/shard.ts";

/**
 * The document `batonFiles/{fileId}`: the record of a file. It is written before the first byte and deleted after the
 * last one, so that no object of Cloud Storage is without a record. `fileId` is fresh for each try of an upload: two
 * workers never write one object.
 */
export interface FileRecord {
  fileId: string;
  owner: string;
  /** The job that writes it; absent for an upload of its owner. */
  jobId?: string;
  name: string;
  contentType: string;
  /** Its object in the bucket. */
  object: string;
  /** `open` until its bytes are known to be there. */
  state: "open" | "stored";
  bytes?: number;
  sha256?: string;
  createdAt: Date;
  /** Until when an upload is kept; a file of a job is kept as long as its job. */
  keepUntil?: Date;
  /** When the sweep looks at it. */
  dueAt: Date;
  /** 0 to 15, a hash of the id. */
  shard: number;
}

/** A file whose bytes are there. */
export type StoredRecord = FileRecord & { state: "stored"; bytes: number };

/** A record that the sweep looks at; `file` is absent when its owner was erased while it was open. */
export interface DueFile {
  fileId: string;
  object: string;
  file?: FileRecord;
}

/** The owner's uploads lie where the files of a job of this name would; no job has it. */
const UPLOADS = "uploads";
/** Longer than any upload: a worker has 9 minutes, and an upload URL `UPLOAD_MS`. */
const OPEN_MS = 60 * 60_000;
const FIRST_LOOK_MS = 60_000;
const MAX_LOOK_MS = 60 * 60_000;

/** How long an upload URL counts. */
export const UPLOAD_MS = 15 * 60_000;
/** How long a download URL counts. */
export const DOWNLOAD_MS = 5 * 60_000;

/** The record of a file none of whose bytes are stored yet. */
export function newFile(
  file: Pick<FileRecord, "fileId" | "owner" | "jobId" | "name" | "contentType"> & { retentionMs?: number },
  now: Date,
): FileRecord {
  const { retentionMs, ...facts } = file;
  return {
    ...facts,
    object: objectOf(file),
    state: "open",
    createdAt: now,
    ...(retentionMs !== undefined && { keepUntil: expiryOf(now, retentionMs) }),
    dueAt: new Date(now.getTime() + OPEN_MS),
    shard: shardOf(file.fileId),
  };
}

/** True for a file whose bytes are there. */
export function isStored(file: FileRecord): file is StoredRecord {
  return file.state === "stored" && file.bytes !== undefined;
}

/**
 * `batonFiles/{owner}/{jobId}/{fileId}/{name}`. `storage.rules` compare the owner; so a slash within one is escaped, or
 * it would stand for a folder of another owner.
 */
function objectOf({ owner, jobId = UPLOADS, fileId, name }: Pick<FileRecord, "owner" | "jobId" | "fileId" | "name">) {
  const escaped = owner.replace(/[%/\p{Cc}]/gu, (character) => encodeURIComponent(character));
  return `batonFiles/${escaped}/${jobId}/${fileId}/${name}`;
}

/** When to look at a file of a job that is not final: after as long as it has been there, a minute to an hour. */
export function nextLookAtFile({ createdAt }: Pick<FileRecord, "createdAt">, now: Date): Date {
  const ageMs = now.getTime() - createdAt.getTime();
  return new Date(now.getTime() + Math.min(Math.max(ageMs, FIRST_LOOK_MS), MAX_LOOK_MS));
}

/** The state around a due file, as the sweep reads it. */
export interface FileContext {
  /** Its job; absent when it is gone. */
  job?: { status: string; finishedAt?: Date; expireAt: Date };
  /** The size of its object; absent when there is none. Only of an open upload. */
  bytes?: number;
}

/**
 * The decision about a due file: delete it with its bytes, or look at it again; `bytes` when an upload turns out to be
 * there.
 */
export type FileFate = { kind: "delete" } | { kind: "keep"; until: Date; bytes?: number };

/**
 * Decides what becomes of a file that is due at `now`. A file of a job goes with it, when the job was cancelled, and
 * when the upload was broken off. An upload goes after its retention, and when its bytes never came.
 */
export function fateOf(file: FileRecord | undefined, { job, bytes }: FileContext, now: Date): FileFate {
  if (!file) return { kind: "delete" };
  if (file.jobId === undefined) return fateOfUpload(file, bytes, now);
  if (file.state === "open" || !job || job.status === "cancelled") return { kind: "delete" };
  if (!job.finishedAt) return { kind: "keep", until: nextLookAtFile(file, now) };
  return job.expireAt > now ? { kind: "keep", until: job.expireAt } : { kind: "delete" };
}

function fateOfUpload({ state, keepUntil = new Date(0) }: FileRecord, bytes: number | undefined, now: Date): FileFate {
  if (keepUntil <= now || (state === "open" && bytes === undefined)) return { kind: "delete" };
  return { kind: "keep", until: keepUntil, ...(state === "open" && bytes !== undefined && { bytes }) };
}
