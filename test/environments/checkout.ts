import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "../../local/builds.ts";
import type { Environment } from "./environments.ts";

const run = promisify(execFile);

/** Not copied as they are: what belongs to git, the locks of builds, the packages. */
const LEFT_OUT = new Set([".git", ".baton", "node_modules"]);

/**
 * Copies this checkout, with what is built, into a folder of the environment's name below /tmp, and answers with its
 * path.
 */
export async function copyCheckout({ folder = "baton", isReadOnly }: Environment): Promise<string> {
  const parent = await mkdtemp("/tmp/baton-environment-");
  await chmod(parent, 0o755);
  const root = join(parent, folder);
  await mkdir(root);
  const names = (await readdir(REPOSITORY)).filter((name) => !LEFT_OUT.has(name));
  // With the times of folders too: a build that looks older than its sources is repeated.
  await run("cp", ["-a", ...names.map((name) => join(REPOSITORY, name)), root]);
  // The packages are linked, since nothing changes them; the workspaces among them lead to the copy.
  await run("cp", ["-a", "--link", join(REPOSITORY, "node_modules"), root]);
  // Not for root, whom no mode keeps out: a trial that has to be read-only runs as another user.
  if (isReadOnly) await changeMode(root, "a+rX,a-w");
  return root;
}

/** Never that of the packages, whose files are those of this checkout, linked. */
async function changeMode(root: string, mode: string): Promise<void> {
  const names = (await readdir(root)).filter((name) => name !== "node_modules");
  await run("chmod", ["-R", mode, ...names.map((name) => join(root, name))]);
  if (mode.includes("a-w")) await run("chmod", ["a+rX", root]);
}

/** Removes it, with the folder around it. */
export async function removeCheckout(root: string): Promise<void> {
  await changeMode(root, "u+w");
  await rm(join(root, ".."), { recursive: true, force: true });
}
