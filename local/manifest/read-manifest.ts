import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { packageFile, packageFolder } from "../package-file.ts";
import { LocalCloudError } from "../problem.ts";
import type { ParamValues } from "../project/params.ts";
import { bucketOf } from "../secrets.ts";
import { type FunctionSpec, paramsOf, parseManifest } from "./manifest.ts";
import { describeSourceError } from "./source-error.ts";

const run = promisify(execFile);

/** A codebase to read. */
export interface ReadableCodebase {
  /** Absolute path of the folder that is deployed. */
  folder: string;
  projectId: string;
  /** The Node that its functions run on. */
  node?: string;
  prefix?: string | undefined;
  /** The variables of its `.env` files. */
  variables?: Readonly<Record<string, string>>;
}

/** The functions of a codebase and the values of its parameters. */
export interface LoadedManifest {
  specs: FunctionSpec[];
  params: ParamValues;
}

/** Longest time to load a codebase, as the Firebase CLI's own. */
const LOAD_TIMEOUT_MS = 30_000;

/**
 * Reads what a codebase deploys, with the program and the environment the Firebase CLI uses for it, so that a trigger
 * cannot differ between here and production. Runs its top-level code in a process of its own. Throws a
 * `LocalCloudError` with the author's line when that fails.
 */
export async function readManifest(codebase: ReadableCodebase, signal?: AbortSignal): Promise<LoadedManifest> {
  const { folder, projectId, prefix, variables = {}, node = process.execPath } = codebase;
  const scratch = await mkdtemp(join(tmpdir(), "baton-manifest-"));
  const output = join(scratch, "functions.yaml");
  const env = {
    ...variables,
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    GCLOUD_PROJECT: projectId,
    FIREBASE_CONFIG: JSON.stringify({ projectId, storageBucket: bucketOf(projectId) }),
    FUNCTIONS_CONTROL_API: "true",
    FUNCTIONS_MANIFEST_OUTPUT_PATH: output,
  };
  try {
    const args = ["--enable-source-maps", discoveryProgram(folder)];
    // The program looks at its argument only when there are two; it runs in the folder as the CLI does.
    await run(node, args, { cwd: folder, env, timeout: LOAD_TIMEOUT_MS, ...(signal && { signal }) });
    const manifest: unknown = JSON.parse(await readFile(output, "utf8"));
    const params = paramsOf(manifest, variables, projectId);
    return { specs: parseManifest(manifest, { folder, prefix, params: params.all }), params: params.declared };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof LocalCloudError) throw cause;
    throw new LocalCloudError(`The functions in ${folder} cannot be read: ${explainFailure(cause, folder)}`, { cause });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The codebase's own `firebase-functions` describes it, as in production. */
function discoveryProgram(folder: string): string {
  const from = join(folder, "package.json");
  if (packageFolder("firebase-functions", from) === undefined)
    throw new LocalCloudError(
      `The package firebase-functions is not installed for ${folder}. Run npm install there, then save again.`,
    );
  return packageFile("firebase-functions", "lib/bin/firebase-functions.js", from);
}

function explainFailure(cause: unknown, folder: string): string {
  if (cause instanceof z.ZodError) return `their manifest is not understood\n${z.prettifyError(cause)}`;
  if (typeof cause !== "object" || cause === null || !("stderr" in cause)) return String(cause);
  const isTimeout = "killed" in cause && cause.killed === true;
  if (isTimeout) return `their code does not end loading within ${LOAD_TIMEOUT_MS / 1000} s`;
  return describeSourceError(String(cause.stderr), folder);
}
