import { chmod, mkdir, readFile, realpath, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { Refusal } from "../refusal.ts";
import { isMissing } from "./disk-files.ts";
import type { FileChange } from "./project-files.ts";

/** A change with the place of its file on the disk, and that of its new text until it is moved there. */
interface Staged {
  readonly change: FileChange;
  /** The file itself where `change.path` is a symbolic link. */
  readonly target: string;
  readonly draft: string;
}

/**
 * Writes all changes or none. New texts are written beside their files and then moved into place; when a step fails,
 * those already moved are put back. Throws a `Refusal` when a file is no longer as it was read. Folders that a deletion
 * leaves empty are deleted.
 */
export async function writeChanges(root: string, changes: readonly FileChange[]): Promise<void> {
  const staged = await Promise.all(changes.map((change) => stage(root, change)));
  const moved: Staged[] = [];
  const folders: string[] = [];
  try {
    for (const one of staged) await demandUnchanged(one);
    for (const one of staged) await writeDraft(one, folders);
    for (const one of staged) {
      moved.push(one);
      await moveIntoPlace(one);
    }
  } catch (error) {
    for (const { change, target } of moved.reverse()) await putBack(target, change.before);
    for (const folder of folders.reverse()) await removeIfEmpty(folder);
    throw error;
  } finally {
    await Promise.all(staged.map(({ draft }) => rm(draft, { force: true })));
  }
  for (const { change, target } of staged) {
    if (change.after === undefined) await removeEmptyFolders(dirname(target), root);
  }
}

async function stage(root: string, change: FileChange): Promise<Staged> {
  const path = join(root, change.path);
  const target = change.before === undefined ? path : await realpath(path);
  return { change, target, draft: join(dirname(target), `.${basename(target)}.${process.pid}.baton`) };
}

async function demandUnchanged({ change, target }: Staged): Promise<void> {
  const now = await readFile(target, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (now === change.before) return;
  throw new Refusal("file-changed", `${change.path} has changed since it was read. Nothing was written: run it again.`);
}

/** Adds to `folders` each folder that it makes, the outer ones first. */
async function writeDraft({ change, target, draft }: Staged, folders: string[]): Promise<void> {
  if (change.after === undefined) return;
  const first = await mkdir(dirname(draft), { recursive: true });
  if (first !== undefined) {
    folders.push(first);
    const below = relative(first, dirname(draft)).split(/[\\/]/).filter(Boolean);
    below.forEach((_, i) => void folders.push(join(first, ...below.slice(0, i + 1))));
  }
  await writeFile(draft, change.after);
  if (change.before !== undefined) await chmod(draft, (await stat(target)).mode);
}

function moveIntoPlace({ change, target, draft }: Staged): Promise<void> {
  return change.after === undefined ? rm(target) : rename(draft, target);
}

function putBack(target: string, before: string | undefined): Promise<void> {
  return before === undefined ? rm(target, { force: true }) : writeFile(target, before);
}

async function removeEmptyFolders(from: string, root: string): Promise<void> {
  for (let folder = from; folder.length > root.length; folder = dirname(folder)) {
    if (!(await removeIfEmpty(folder))) return;
  }
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch {
    // Not empty, or deleted already: it stays as it is.
    return false;
  }
}
