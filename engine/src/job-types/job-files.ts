import type { FileInfo, FileRef } from "@baton/protocol";

/** The bytes of a file: all at once, or piece by piece as a stream gives them. Text is stored as UTF-8. */
export type FileData = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** How a file is stored. */
export interface FileOptions {
  /** Its media type, as in `text/csv`. */
  contentType: string;
}

/** A stored file. `sha256` is known of a file that a job wrote, not of one that its owner uploaded. */
export interface StoredFile extends Omit<FileInfo, "sha256"> {
  readonly sha256?: string;
  /** Reads all of it into memory. */
  content(): Promise<Uint8Array>;
  /** Reads it piece by piece, once a call. A file whose bytes are not those that were written ends with an error. */
  stream(): AsyncIterable<Uint8Array>;
}

/** The files of a job: for outputs and inputs that are too large for JSON, or are not JSON. */
export interface JobFiles {
  /**
   * Stores a file of the job in Cloud Storage, once per job, not once per attempt: its facts are remembered as the
   * output of a step `file:NAME`, and a later attempt has them at once, without an upload. Call it in the handler, as a
   * step, and not within the work of another one.
   *
   * `name` is 1 to 200 letters, digits and `_ - .`, and stands for one file of the job. A file that is larger than the
   * owner's tier allows is a permanent error `file-too-large`. When the job is cancelled, or its time is up, the upload
   * ends; nothing is left of it.
   */
  write(name: string, data: FileData, options: FileOptions): Promise<FileInfo>;
  /**
   * Opens a file: one of this job by its name, or any of the owner's by `{ fileId }`, as an upload and an input name
   * it. A file that is not there is a permanent error `file-not-found`. May be called anywhere, also within a step.
   */
  read(file: string | FileRef): Promise<StoredFile>;
}
