import type { FileInfo } from "@baton/protocol";
import type { StepAnswer } from "../jobs/ports.ts";
import type { DueFile, FileRecord } from "./rules/file.ts";

/** The bytes of files, as objects in a bucket. A thrown error means that the bucket cannot be reached. */
export interface ObjectStore {
  /**
   * Stores all that `data` gives as a new object; nothing when `data` throws, which rejects with that error. Rejects
   * when `signal` aborts; a last request may then still be under way. Rejects when there is another object of this
   * name.
   */
  upload(
    object: string,
    data: AsyncIterable<Uint8Array>,
    options: { contentType: string; signal: AbortSignal },
  ): Promise<void>;
  /** The bytes of an object, checked on their way; undefined when there is none. */
  open(object: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The size of an object; undefined when there is none. */
  sizeOf(object: string): Promise<number | undefined>;
  /** Deletes an object. Idempotent. */
  delete(object: string): Promise<void>;
  /** An address at which anybody may read the object until `expiresAt`, as a download named `name`. */
  downloadUrl(object: string, options: { name: string; expiresAt: Date }): Promise<string>;
  /**
   * An address to which anybody may send the object once, until `expiresAt`, of exactly this size, with these headers.
   */
  uploadUrl(
    object: string,
    options: { contentType: string; bytes: number; expiresAt: Date },
  ): Promise<{ url: string; headers: Record<string, string> }>;
}

/**
 * The records of files. A thrown error means that the store is unreachable, or too many writers met at one document.
 */
export interface FileRecordStore {
  /** Stores the record of a file before its bytes. */
  create(file: FileRecord): Promise<void>;
  /**
   * Notes that the bytes of a job's file are there, and keeps its facts as the output of a step, in one commit, with
   * the promises of `StepStore.record`. A step that is there already is given back, and the file stays `open`.
   */
  complete(step: { jobId: string; leaseId: string; name: string }, info: FileInfo, now: Date): Promise<StepAnswer>;
  read(fileId: string): Promise<FileRecord | undefined>;
  /** The stored files of a job, by name; at most `limit`. */
  list(jobId: string, limit: number): Promise<FileRecord[]>;
  /** The stored file of a job with this name. */
  find(jobId: string, name: string): Promise<FileRecord | undefined>;
}

/** The due records, for the sweep. */
export interface DueFileStore {
  /** Records of all shards that are due at `now`, the longest due first; at most `limit`. */
  listDue(now: Date, limit: number): Promise<DueFile[]>;
  /**
   * Sets when a file is looked at again, and with `bytes` that they are there. Does nothing when its record is gone.
   */
  keep(fileId: string, until: Date, bytes?: number): Promise<void>;
  /** Deletes a record, after its object. Idempotent. */
  forget(fileId: string): Promise<void>;
}
