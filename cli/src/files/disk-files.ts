import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../refusal.ts";
import type { ProjectFiles } from "./project-files.ts";

/** Reads the files of the project in a folder. */
export function diskFiles(root: string): ProjectFiles {
  return {
    read: (path) => readText(root, path),
    list: (folder) => filesBelow(root, folder).sort(),
  };
}

function readText(root: string, path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(root, path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Refusal("file-unreadable", `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Refusal("file-unreadable", `${path} is not UTF-8 text. Save it as UTF-8 and try again.`, {
      cause: error,
    });
  }
}

function filesBelow(root: string, folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (!entry.isDirectory()) return [path];
      return entry.name === "node_modules" || entry.name === ".git" ? [] : filesBelow(root, path);
    });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** True for an error of the file system which says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
