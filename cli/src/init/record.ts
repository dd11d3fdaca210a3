import { createHash } from "node:crypto";
import { applyPatch, createTwoFilesPatch, parsePatch, reversePatch } from "diff";
import { z } from "zod";
import { parseJson } from "../edits/json-text.ts";

const ABOUT = 'What "baton init" did to this project. "baton uninstall" reads it: keep it under version control.';

const InstallRecord = z.object({
  about: z.string().default(ABOUT),
  /** Hash of each file that `init` created, by path. */
  created: z.record(z.string(), z.string()),
  /** Patch of each file whose part cannot be taken out by its form alone, by path. */
  patches: z.record(z.string(), z.string()),
});

/** Facts that `uninstall` needs beside the files themselves, kept in the folder `baton`. */
export type InstallRecord = z.infer<typeof InstallRecord>;

export const RECORD_NAME = "install.json";

/** Reads a record; undefined when there is none, or it is damaged. */
export function readRecord(text: string | undefined): InstallRecord | undefined {
  if (text === undefined) return undefined;
  const parsed = InstallRecord.safeParse(parseJson(text)?.value);
  return parsed.success ? parsed.data : undefined;
}

/** The text of a record. */
export function recordText({ created, patches }: Omit<InstallRecord, "about">): string {
  return `${JSON.stringify({ about: ABOUT, created, patches }, null, 2)}\n`;
}

/** Recognizes a file that has not been changed since. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A patch that `takeBack` can undo, also when other parts of the file have changed since. */
export function patchOf(path: string, before: string, after: string): string {
  return createTwoFilesPatch(path, path, before, after);
}

/** Undoes a patch; undefined when the text has changed where the patch was made. */
export function takeBack(text: string, patch: string): string | undefined {
  const [parsed] = parsePatch(patch);
  if (parsed === undefined) return undefined;
  const restored = applyPatch(text, reversePatch(parsed), { autoConvertLineEndings: false });
  return restored === false ? undefined : restored;
}
