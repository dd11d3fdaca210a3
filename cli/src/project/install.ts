import { spawn } from "node:child_process";
import { join, posix } from "node:path";
import type { ProjectFiles } from "../files/project-files.ts";
import { Refusal } from "../refusal.ts";
import type { Codebase } from "./codebase.ts";

const MANAGERS = [
  { lockfile: "pnpm-lock.yaml", name: "pnpm", place: "--dir" },
  { lockfile: "yarn.lock", name: "yarn", place: "--cwd" },
  { lockfile: "package-lock.json", name: "npm", place: "--prefix" },
] as const;

/** The command that installs the packages of a codebase, by the package manager whose lockfile is there. */
export function installCommand(files: ProjectFiles, codebase: Codebase): string {
  const { name, place } = managerOf(files, codebase);
  return codebase.source === ""
    ? `${name} install`
    : `${name} ${name === "npm" ? "install " : ""}${place} ${codebase.source}${name === "npm" ? "" : " install"}`;
}

/** Installs the packages of a codebase. Throws a `Refusal` when that fails. */
export async function runInstall(root: string, files: ProjectFiles, codebase: Codebase): Promise<void> {
  const { name } = managerOf(files, codebase);
  const child = spawn(name, ["install"], {
    cwd: join(root, codebase.source),
    // The output of a command with --json is one JSON text.
    stdio: ["ignore", process.stderr, process.stderr],
    // npm is a script of the shell on Windows.
    shell: process.platform === "win32",
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return;
  throw new Refusal(
    "install-failed",
    `${name} install in ${codebase.source} ended with exit code ${code}. Its output says why.`,
  );
}

function managerOf(files: ProjectFiles, { source }: Codebase) {
  const has = (lockfile: string) => files.read(posix.join(source, lockfile)) !== undefined;
  return MANAGERS.find(({ lockfile }) => has(lockfile)) ?? MANAGERS[2];
}
