import { dependencyEdit, ENGINE } from "../edits/dependency.ts";
import type { Edit } from "../edits/edit.ts";
import { entryEdit } from "../edits/entry-export.ts";
import { indexesEdit } from "../edits/index-entries.ts";
import { keysStepEdit } from "../edits/keys-step.ts";
import { firestoreRules, storageRules } from "../edits/own-texts.ts";
import { rulesEdit } from "../edits/rules-block.ts";
import type { ProjectFiles } from "../files/project-files.ts";
import { Refusal } from "../refusal.ts";
import { VERSION, ZOD_VERSION } from "../versions.ts";
import { type Codebase, readCodebase } from "./codebase.ts";
import { type CodebaseConfig, DEFAULT_DATABASE, type FirebaseConfig, readFirebaseConfig } from "./firebase-config.ts";

/** Options that describe a project. An absent one is found from its files. */
export interface ProjectOptions {
  readonly codebase?: string;
  readonly entry?: string;
  readonly database?: string;
}

/** A project whose `firebase.json` names functions, rules and indexes. */
export interface Project {
  readonly config: FirebaseConfig;
  readonly codebase: Codebase;
  readonly database: string;
  readonly rules: string;
  readonly indexes: string;
}

/** Reads a project. Throws a `Refusal` when one of its parts is missing, or it is not clear which codebase is meant. */
export function readProject(files: ProjectFiles, options: ProjectOptions): Project {
  const config = readConfig(files);
  const codebase = readCodebase(files, chooseCodebase(files, config, options), options.entry);
  const database = options.database ?? DEFAULT_DATABASE;
  const { rules, indexes } = config.databases.find((each) => each.database === database) ?? {};
  if (rules === undefined || indexes === undefined) {
    const message = `firebase.json names no rules and indexes of Firestore database ${database}. Run "npx @baton/cli init", or name another database by --database.`;
    throw new Refusal("firestore-unconfigured", message);
  }
  return { config, codebase, database, rules, indexes };
}

/** Reads `firebase.json`. */
export function readConfig(files: ProjectFiles): FirebaseConfig {
  const text = files.read("firebase.json");
  if (text !== undefined) return readFirebaseConfig(text);
  throw new Refusal(
    "project-missing",
    'There is no firebase.json here, or in a folder above. Run "npx @baton/cli init" first.',
  );
}

/** Chooses the codebase: the named one, the one that has Baton, or the only one. */
export function chooseCodebase(files: ProjectFiles, config: FirebaseConfig, options: ProjectOptions): CodebaseConfig {
  const { codebases } = config;
  const names = codebases.map(({ name }) => name).join(", ");
  if (options.codebase !== undefined) {
    const named = codebases.find(({ name }) => name === options.codebase);
    if (named !== undefined) return named;
    throw new Refusal("codebase-unknown", `firebase.json has no codebase "${options.codebase}". It has: ${names}.`);
  }
  const owners = codebases.filter(({ source }) =>
    files.read(source === "" ? "package.json" : `${source}/package.json`)?.includes(`"${ENGINE}"`),
  );
  const [one, ...more] = owners.length > 0 ? owners : codebases;
  if (one !== undefined && more.length === 0) return one;
  const message = `firebase.json has several codebases: ${names}. Choose one by --codebase.`;
  throw new Refusal("codebase-unclear", message);
}

/** How a project's files are edited. */
export interface EditOptions {
  /** The dependency on the engine: a version, or another form that npm takes. */
  readonly engine?: string;
  readonly allowOpenRules?: boolean;
}

/** The edits that make Baton part of a project. */
export function editsOf({ config, codebase, rules, indexes }: Project, options: EditOptions = {}): Edit[] {
  const open = { allowOpenRules: options.allowOpenRules ?? false };
  return [
    dependencyEdit(codebase.packagePath, { [ENGINE]: options.engine ?? VERSION, zod: ZOD_VERSION }),
    entryEdit(codebase),
    rulesEdit(rules, firestoreRules(), open),
    indexesEdit(indexes),
    ...config.storageRules.map((path) => rulesEdit(path, storageRules(), open)),
    keysStepEdit(codebase.place),
  ];
}
