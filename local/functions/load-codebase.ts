import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { FunctionSpec } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { packageFolder } from "../package-file.ts";
import { LocalCloudError } from "../problem.ts";
import { readEnvFiles } from "../project/env-files.ts";
import type { Codebase, Project } from "../project/project.ts";
import { type NodeProgram, THIS_NODE } from "./framework-command.ts";

/** A codebase whose code was read, with all that its functions need to start. */
export interface LoadedCodebase {
  codebase: Codebase;
  specs: FunctionSpec[];
  /** Of its `.env` files, and the values of its parameters. */
  variables: Record<string, string>;
  /** Of its `.secret.local`. */
  secrets: Record<string, string>;
  node: NodeProgram;
  /** One line for each thing that is not as in production. */
  notes: string[];
}

/**
 * Reads a codebase's variables and functions. `given` are further variables, which win over those of its files. Throws a
 * `LocalCloudError` with the author's line when its code does not load.
 */
export async function loadCodebase(
  project: Project,
  codebase: Codebase,
  given: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<LoadedCodebase> {
  const files = await readEnvFiles(project, codebase);
  const { node, note } = await nodeOf(codebase);
  // The CLI names the instance both when it reads the code, whose topics follow from it, and in each function.
  const kit = codebase.kitInstance === undefined ? {} : { FIREBASE_KIT_INSTANCE_ID: codebase.kitInstance };
  const read = await readManifest(
    {
      folder: codebase.source,
      projectId: project.projectId,
      prefix: codebase.prefix,
      node: node.file,
      variables: { ...files.variables, ...given, ...kit },
    },
    signal,
  );
  return {
    codebase,
    specs: read.specs,
    variables: { ...read.params, ...files.variables, ...kit },
    secrets: files.secrets,
    node,
    notes: note === undefined ? [] : [note],
  };
}

/** Throws a `LocalCloudError` when two codebases have a function of one name, which production refuses, too. */
export function assertDistinctNames(loaded: readonly LoadedCodebase[]): void {
  const owners = new Map<string, string>();
  for (const { codebase, specs } of loaded) {
    for (const { name } of specs) {
      const owner = owners.get(name);
      if (owner !== undefined)
        throw new LocalCloudError(
          `The codebases "${owner}" and "${codebase.name}" both have a function named ${name}. Rename one of them.`,
        );
      owners.set(name, codebase.name);
    }
  }
}

const Package = z.looseObject({
  version: z.string().optional(),
  engines: z.looseObject({ node: z.string().optional() }).optional(),
});

/**
 * The Node that the codebase asks for, in `firebase.json` or by `engines` in its `package.json`: the one that runs this
 * program, or that of the package `node` in the codebase. Where neither has the version, this one, and a note.
 */
async function nodeOf(codebase: Codebase): Promise<{ node: NodeProgram; note?: string }> {
  const manifest = join(codebase.source, "package.json");
  if (!existsSync(manifest))
    throw new LocalCloudError(`There is no package.json in ${codebase.source}. Is that folder built?`);
  const wanted = codebase.nodeMajor ?? majorOf((await readPackage(manifest)).engines?.node);
  const own = majorOf(process.versions.node);
  if (wanted === undefined || wanted === own) return { node: THIS_NODE };
  const folder = packageFolder("node", manifest);
  const file = join(folder ?? "", "bin", "node");
  if (
    folder !== undefined &&
    existsSync(file) &&
    majorOf((await readPackage(join(folder, "package.json"))).version) === wanted
  )
    return { node: { ...THIS_NODE, file } };
  const note = `The codebase "${codebase.name}" asks for Node ${wanted}; its functions run on Node ${own}. For the same as in production: npm install --save-dev node@${wanted}`;
  return { node: THIS_NODE, note };
}

async function readPackage(path: string): Promise<z.infer<typeof Package>> {
  return Package.parse(JSON.parse(await readFile(path, "utf8")));
}

function majorOf(version: string | undefined): number | undefined {
  const major = /\d+/.exec(version ?? "")?.[0];
  return major === undefined ? undefined : Number(major);
}
