import { z } from "zod";
import { type Fields, fromFields } from "../../platform/firestore/documents.ts";
import type { DueFile, FileRecord } from "../rules/file.ts";

const StoredFile: z.ZodType<FileRecord> = z.object({
  fileId: z.string(),
  owner: z.string(),
  jobId: z.string().exactOptional(),
  name: z.string(),
  contentType: z.string(),
  object: z.string(),
  state: z.enum(["open", "stored"]),
  bytes: z.int().exactOptional(),
  sha256: z.string().exactOptional(),
  createdAt: z.date(),
  keepUntil: z.date().exactOptional(),
  dueAt: z.date(),
  shard: z.int(),
});

/** The part of an open file that an erasure leaves. */
const Remains = z.object({ fileId: z.string(), object: z.string() });

/** The fields of a record that name its owner, or tell of them; an erasure takes them from an open file. */
export const TELLING_FIELDS = ["owner", "jobId", "name", "contentType", "state", "createdAt", "keepUntil"];

/** The record in the fields of `batonFiles/{fileId}`; throws a ZodError when the document is not one of Baton's. */
export function fileFrom(fields: Fields): FileRecord {
  return StoredFile.parse(fromFields(fields));
}

/** The same as the sweep sees it. */
export function dueFileFrom(fields: Fields): DueFile {
  const file = StoredFile.safeParse(fromFields(fields));
  const remains = Remains.parse(fields);
  return file.success ? { ...remains, file: file.data } : remains;
}
