import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A function as `firebase deploy` makes it: the fields that the infrastructure follows from. */
export interface Endpoint {
  serviceAccountEmail?: string | null;
  secretEnvironmentVariables?: readonly { key: string }[] | null;
  /** Absent for a function that HTTP requests or a schedule call. */
  eventTrigger?: { eventFilters?: Record<string, string> };
}

/** The deployment's functions, by the name that each is deployed under. */
export interface Manifest {
  endpoints: Record<string, Endpoint>;
}

/** The folder that `npm run build` writes and `firebase deploy` deploys. */
export const DEPLOYED_FOLDER = join(import.meta.dirname, "../../functions/dist");

const SDK = join(import.meta.dirname, "../../node_modules/firebase-functions/lib/bin/firebase-functions.js");

/**
 * Reads the manifest of the functions in `folder`: runs the program of `firebase-functions` that the Firebase CLI runs,
 * so that the infrastructure and `firebase deploy` see the same functions. Rejects with the program's output when the
 * functions are not built or refuse a setting.
 */
export async function readManifest(folder: string, projectId: string): Promise<Manifest> {
  const scratch = await mkdtemp(join(tmpdir(), "baton-manifest-"));
  const output = join(scratch, "functions.json");
  // The CLI gives the code no settings and no secrets.
  const env = { PATH: process.env.PATH, GCLOUD_PROJECT: projectId, FUNCTIONS_MANIFEST_OUTPUT_PATH: output };
  try {
    await promisify(execFile)(process.execPath, [SDK, folder], { cwd: folder, env });
    return JSON.parse(await readFile(output, "utf8"));
  } catch (cause) {
    throw new Error(`The functions in ${folder} cannot be read; run "npm run build" first. ${cause}`, { cause });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
