import type { FileView } from "@baton/protocol";
import { type FileRecord, isStored } from "./rules/file.ts";

/** A stored file of a job as its owner sees it; undefined while its bytes are not there. */
export function fileView(file: FileRecord): FileView | undefined {
  const { fileId, name, contentType, createdAt, sha256 } = file;
  if (!isStored(file) || sha256 === undefined) return undefined;
  return { fileId, name, contentType, bytes: file.bytes, sha256, createdAt: createdAt.toISOString() };
}
