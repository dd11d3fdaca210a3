import { ContentType, FileName, FileRef } from "@baton/protocol";
import { z } from "zod";
import { PermanentError } from "../../job-types/define-job.ts";
import type { FileData } from "../../job-types/job-files.ts";
import { describeKind } from "../../kit/describe-kind.ts";
import type { WrittenFile } from "../ports.ts";

/** The file that a handler writes. Throws a PermanentError for a name, or a type, that a file cannot have. */
export function checkedFile(name: unknown, data: FileData, options: unknown): WrittenFile {
  const checked = FileName.safeParse(name);
  if (!checked.success) throw invalidFile(`The name of a file ${reasonOf(checked.error)}`);
  const given = options !== null && typeof options === "object" && "contentType" in options && options.contentType;
  const contentType = ContentType.safeParse(given);
  const of = `The contentType of file "${checked.data}"`;
  if (!contentType.success) throw invalidFile(`${of} ${reasonOf(contentType.error)}`);
  return { name: checked.data, contentType: contentType.data, data };
}

/** Parses the file that a handler reads: a name or a reference. Throws a PermanentError for any other value. */
export function checkedFileSource(file: unknown): string | FileRef {
  const source = z.union([z.string(), FileRef]).safeParse(file);
  if (source.success) return source.data;
  throw invalidFile(`What files.read was given ${describeKind(file)}; it has to be a name, or { fileId }`);
}

function invalidFile(what: string): PermanentError {
  return new PermanentError("invalid-file", `${what}.`);
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
  return issue?.message ?? "cannot be used";
}
