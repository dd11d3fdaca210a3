import { posix } from "node:path";
import { type FileChange, type ProjectFiles, type WorkingCopy, workingCopy } from "../files/project-files.ts";
import { hashOf, type InstallRecord, RECORD_NAME, readRecord, takeBack } from "../init/record.ts";
import { editsOf, type Project, type ProjectOptions, readProject } from "../project/project.ts";
import { Refusal } from "../refusal.ts";

/** Options of `uninstall`. */
export interface UninstallOptions extends ProjectOptions {
  /** Keeps or deletes files in the folder `baton` that the team wrote or changed. Absent: they stop the command. */
  readonly jobs?: "keep" | "delete";
}

/** The changes that `uninstall` would make. */
export type UninstallPlan =
  | { outcome: "planned"; changes: FileChange[]; project: Project; notes: string[] }
  /** The team's own files are in the folder: a person has to say what becomes of them. */
  | { outcome: "jobs-edited"; paths: string[] }
  | { outcome: "refused"; refusals: Refusal[] };

const NOTHING_RECORDED: InstallRecord = { about: "", created: {}, patches: {} };

/** Plans all changes that take Baton out of a project. Files that have not changed since `init` become what they were before, to the byte. */
export function planUninstall(files: ProjectFiles, options: UninstallOptions): UninstallPlan {
  try {
    return planChanges(files, options);
  } catch (error) {
    if (error instanceof Refusal) return { outcome: "refused", refusals: [error] };
    throw error;
  }
}

function planChanges(files: ProjectFiles, options: UninstallOptions): UninstallPlan {
  const copy = workingCopy(files);
  const project = readProject(files, options);
  const recordPath = posix.join(project.codebase.batonFolder, RECORD_NAME);
  const record = readRecord(files.read(recordPath)) ?? NOTHING_RECORDED;
  const own = files.list(project.codebase.batonFolder).filter((path) => path !== recordPath);
  const edited = own.filter((path) => !isAsCreated(files, path, record));
  if (edited.length > 0 && options.jobs === undefined) return { outcome: "jobs-edited", paths: edited };
  const keepsJobs = edited.length > 0 && options.jobs === "keep";

  const notes = takeOut(copy, project, record, keepsJobs);
  if (!keepsJobs) for (const path of own) copy.remove(path);
  if (files.read(recordPath) !== undefined) copy.remove(recordPath);
  return { outcome: "planned", changes: copy.changes(), project, notes };
}

/** Takes Baton's part out of every file outside its folder. Answers notes on what could not be restored to the byte. */
function takeOut(copy: WorkingCopy, project: Project, record: InstallRecord, keepsJobs: boolean): string[] {
  const { codebase } = project;
  const created = Object.keys(record.created).filter((path) => !path.startsWith(`${codebase.batonFolder}/`));
  // All or none of them: a codebase without its package.json would be of no use to the functions that were added to it.
  if (!keepsJobs && created.every((path) => isAsCreated(copy, path, record)))
    for (const path of created) copy.remove(path);
  const edits = new Map(editsOf(project).map((edit) => [edit.path, edit.remove]));
  const paths = new Set([...edits.keys(), ...Object.keys(record.patches)]);
  // Jobs that stay need the packages they import.
  if (keepsJobs) paths.delete(codebase.packagePath);
  return [...paths].flatMap((path) => {
    const text = copy.read(path);
    if (text === undefined) return [];
    const patch = record.patches[path];
    const restored = patch === undefined ? undefined : takeBack(text, patch);
    copy.write(path, restored ?? edits.get(path)?.(text) ?? text);
    if (patch === undefined || restored !== undefined) return [];
    return [`${path} has changed where "baton init" had edited it. Look through what is left of it.`];
  });
}

function isAsCreated(files: ProjectFiles, path: string, { created }: InstallRecord): boolean {
  const text = files.read(path);
  return text !== undefined && hashOf(text) === created[path];
}
