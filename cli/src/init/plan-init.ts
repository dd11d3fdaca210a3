import { posix } from "node:path";
import type { Edit } from "../edits/edit.ts";
import { type FileChange, type ProjectFiles, type WorkingCopy, workingCopy } from "../files/project-files.ts";
import { hasBatonFolder } from "../project/codebase.ts";
import { DEFAULT_DATABASE } from "../project/firebase-config.ts";
import {
  type EditOptions,
  editsOf,
  type Project,
  type ProjectOptions,
  readConfig,
  readProject,
} from "../project/project.ts";
import { Refusal } from "../refusal.ts";
import { batonFiles } from "./job-templates.ts";
import { addCodebase, addFirestoreFiles, addMissingFiles } from "./new-project.ts";
import { hashOf, type InstallRecord, patchOf, RECORD_NAME, readRecord, recordText, takeBack } from "./record.ts";

/** Options of `init`. */
export interface InitOptions extends ProjectOptions, EditOptions {
  /** Creates files of rules and indexes although the project may have some in the cloud. */
  readonly newFirestoreFiles?: boolean;
}

/** The changes that `init` would make. */
export type InitPlan =
  | { outcome: "planned"; changes: FileChange[]; project: Project }
  | { outcome: "refused"; refusals: Refusal[] };

/**
 * Plans all changes that add Baton to a project. None where it is there already. Where one file cannot be edited, nothing is
 * planned, and every such file has its reason.
 */
export function planInit(files: ProjectFiles, options: InitOptions): InitPlan {
  const copy = workingCopy(files);
  try {
    return planChanges(files, copy, options);
  } catch (error) {
    if (error instanceof Refusal) return { outcome: "refused", refusals: [error] };
    throw error;
  }
}

function planChanges(files: ProjectFiles, copy: WorkingCopy, options: InitOptions): InitPlan {
  prepare(files, copy, options);
  const project = readProject(copy, options);
  addMissingFiles(copy, project.rules, project.indexes);
  const entryText = copy.read(project.codebase.entry) ?? "";
  const refusals = applyEdits(copy, editsOf(project, options));
  if (refusals.length > 0) return { outcome: "refused", refusals };
  addBatonFiles(copy, project, entryText);
  keepRecord(copy, project, options);
  return { outcome: "planned", changes: copy.changes(), project };
}

/** Makes what a project without functions, or without Firestore, does not have yet. */
function prepare(files: ProjectFiles, copy: WorkingCopy, options: InitOptions): void {
  const isNew = files.read("firebase.json") === undefined;
  if (isNew) copy.write("firebase.json", "{}\n");
  if (readConfig(copy).codebases.length === 0) addCodebase(copy);
  const database = options.database ?? DEFAULT_DATABASE;
  addFirestoreFiles(copy, readConfig(copy), database, isNew || options.newFirestoreFiles === true);
}

/** Applies edits, and answers why some could not be. */
export function applyEdits(copy: WorkingCopy, edits: readonly Edit[]): Refusal[] {
  return edits.flatMap((edit) => {
    try {
      copy.write(edit.path, edit.add(copy.read(edit.path) ?? ""));
      return [];
    } catch (error) {
      if (error instanceof Refusal) return [error];
      throw error;
    }
  });
}

/** Adds the folder `baton`, unless the codebase has one of Baton's. */
function addBatonFiles(copy: WorkingCopy, { codebase, database }: Project, entryText: string): void {
  const folder = codebase.batonFolder;
  if (hasBatonFolder(copy, codebase)) return;
  const present = copy.list(folder).filter((path) => posix.basename(path) !== RECORD_NAME);
  if (present.length > 0) {
    const message = `The folder ${folder} exists, and has no index file that exports baton. Rename it, or give it one.`;
    throw new Refusal("folder-taken", message);
  }
  const named = database === DEFAULT_DATABASE ? undefined : database;
  for (const [path, text] of batonFiles(codebase, entryText, named)) copy.write(path, text);
}

/** Adds to the record what `uninstall` cannot tell from the files themselves. */
export function keepRecord(copy: WorkingCopy, project: Project, options: EditOptions): void {
  const path = posix.join(project.codebase.batonFolder, RECORD_NAME);
  const changes = copy.changes();
  if (changes.length === 0) return;
  const old = readRecord(copy.read(path));
  const created = changes.filter(({ path, before }) => before === undefined || old?.created[path] === hashOf(before));
  const record: Omit<InstallRecord, "about"> = {
    created: { ...old?.created, ...Object.fromEntries(created.map((each) => [each.path, hashOf(each.after ?? "")])) },
    patches: { ...old?.patches, ...patchesOf(changes, editsOf(project, options), old?.patches ?? {}) },
  };
  copy.write(path, recordText(record));
}

/** The patches, from what was there before Baton, of files from which an edit's own `remove` would make something else. */
function patchesOf(
  changes: readonly FileChange[],
  edits: readonly Edit[],
  known: Readonly<Record<string, string>>,
): Record<string, string> {
  const patches = changes.flatMap(({ path, before, after }) => {
    if (before === undefined || after === undefined) return [];
    const remove = edits.find((each) => each.path === path)?.remove ?? ((text: string) => text);
    const patch = known[path];
    const original = patch === undefined ? remove(before) : (takeBack(before, patch) ?? remove(before));
    return remove(after) === original ? [] : [[path, patchOf(path, original, after)] as const];
  });
  return Object.fromEntries(patches);
}
