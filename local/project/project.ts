import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { LocalCloudError } from "../problem.ts";
import { FirebaseJson, Firebaserc, type FunctionsEntry, withoutComments } from "./firebase-json.ts";

/** A folder of functions that is deployed as one. */
export interface Codebase {
  name: string;
  /** Absolute path of the folder that is deployed. */
  source: string;
  /** Absolute path of the folder with its `.env` files. */
  configDir: string;
  /** Begins the name of each of its functions, before a hyphen. */
  prefix?: string;
  /** Set in each function of a function kit's instance. */
  kitInstance?: string;
  /** The Node that `firebase.json` asks for, e.g. 22. */
  nodeMajor?: number;
  /** Globs of what is not deployed, and so not watched. */
  ignore: readonly string[];
}

/** A Firebase project as its repository describes it. */
export interface Project {
  /** Absolute path of the folder with `firebase.json`. */
  root: string;
  /** Never that of a real project: Firebase's tools look for none behind the prefix `demo-`. */
  projectId: string;
  codebases: readonly Codebase[];
  /** Absolute path of the security rules of the default database; absent: every request is allowed. */
  rules?: string;
  /** One line for each part of `firebase.json` that is not run here. */
  notes: readonly string[];
}

/** The globs that the Firebase CLI leaves out where `ignore` is absent. */
const DEFAULT_IGNORE = ["node_modules", ".git", "firebase-debug.log", "firebase-debug.*.log", "*.local"];

/**
 * Reads the Firebase project that `folder` belongs to: `firebase.json` of this folder or the nearest above. The project's
 * id is `projectId`, else the default of `.firebaserc` behind `demo-`. Throws a `LocalCloudError` that names what is
 * wrong.
 */
export async function readProject(folder: string, projectId?: string): Promise<Project> {
  const root = rootOf(resolve(folder));
  const { functions, firestore } = await readJson(join(root, "firebase.json"), FirebaseJson);
  const usable = functions.filter((entry) => entry.source !== undefined);
  const codebases = usable.flatMap((entry) => codebasesOf(root, entry));
  const rules = (firestore.find(({ database }) => database === "(default)") ?? firestore[0])?.rules;
  const remote = functions.filter((entry) => entry.source === undefined);
  return {
    root,
    projectId: projectId === undefined ? await defaultProjectId(root) : localProjectId(projectId),
    codebases,
    ...(rules !== undefined && { rules: join(root, rules) }),
    notes: remote.map(
      ({ codebase }) => `The codebase "${codebase}" is not run here: its source is not in this folder.`,
    ),
  };
}

/** Throws a `LocalCloudError` unless the folder of a codebase is there. A build may make it: ask only after that. */
export function assertSource({ name, source }: Codebase): void {
  if (existsSync(source)) return;
  throw new LocalCloudError(`firebase.json: the codebase "${name}" has its source in ${source}, which is no folder.`);
}

function rootOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "firebase.json"))) return at;
    if (dirname(at) === at)
      throw new LocalCloudError(
        `There is no firebase.json in ${folder} or above. Go to your Firebase project, or make one: npx @baton/cli init`,
      );
  }
}

function codebasesOf(root: string, entry: FunctionsEntry): Codebase[] {
  const source = join(root, entry.source ?? "");
  const node = /^nodejs(\d+)$/.exec(entry.runtime ?? "")?.[1];
  const shared = {
    source,
    ignore: entry.ignore ?? DEFAULT_IGNORE,
    ...(node !== undefined && { nodeMajor: Number(node) }),
  };
  if (entry.kit === undefined) {
    const { codebase: name, configDir, prefix } = entry;
    const folder = configDir === undefined ? source : join(root, configDir);
    return [{ ...shared, name, configDir: folder, ...(prefix !== undefined && { prefix }) }];
  }
  return Object.entries(entry.instances ?? {}).map(([id, configDir]) => ({
    ...shared,
    name: id,
    configDir: join(root, configDir),
    prefix: `kit-${id}`,
    kitInstance: id,
  }));
}

async function defaultProjectId(root: string): Promise<string> {
  const path = join(root, ".firebaserc");
  const { projects } = existsSync(path) ? await readJson(path, Firebaserc) : { projects: {} as Record<string, string> };
  const name = projects.default ?? Object.values(projects)[0] ?? "app";
  return localProjectId(name.startsWith("demo-") ? name : `demo-${name}`);
}

/** Checks a project id: only one that begins with `demo-` can be no real project's. */
function localProjectId(id: string): string {
  if (/^demo-[a-z0-9][a-z0-9-]{0,57}$/.test(id)) return id;
  throw new LocalCloudError(
    `"${id}" is no id for a project of this machine: it begins with demo- and has lower-case letters, digits and hyphens, e.g. demo-shop.`,
  );
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  try {
    return schema.parse(JSON.parse(withoutComments(await readFile(path, "utf8"))));
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError
        ? `\n${z.prettifyError(cause)}`
        : ` ${cause instanceof Error ? cause.message : cause}`;
    throw new LocalCloudError(`${path} is not understood:${reason}`, { cause });
  }
}
