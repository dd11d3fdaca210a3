import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { diskFiles } from "../files/disk-files.ts";
import { findRoot } from "../project/find-root.ts";
import { readConfig } from "../project/project.ts";
import { importFrom } from "../project/team-module.ts";
import { Refusal } from "../refusal.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { VERSION } from "../versions.ts";

/** The package of the local cloud. It brings the emulators, so this command has it not among its own. */
const LOCAL = "@baton/local";

const LocalModule = z.object({
  runDev: z.custom<(options: { cwd: string; argv: string[] }) => Promise<number>>(
    (value) => typeof value === "function",
  ),
});

/**
 * Runs the local cloud on the project around `cwd`, until it is stopped: the one that the project has installed, else
 * that of this release, by `npx`. `argv` are its own options. Answers its exit code.
 */
export async function dev(cwd: string, argv: string[], terminal: Terminal): Promise<number> {
  for (const folder of foldersOf(cwd)) {
    const local = LocalModule.safeParse(await importFrom(folder, LOCAL));
    if (local.success) return local.data.runDev({ cwd, argv });
  }
  terminal.warn(
    `The local cloud, ${LOCAL}, is not installed here: npx gets it. To keep it: npm install --save-dev ${LOCAL}`,
  );
  return runByNpx(cwd, argv);
}

/** The folders whose packages are looked at: that of `firebase.json`, those of the codebases, and that of this command. */
function foldersOf(cwd: string): string[] {
  const root = findRoot(cwd);
  if (root === undefined) return [cwd, import.meta.dirname];
  const { codebases } = readConfig(diskFiles(root));
  return [root, ...codebases.map(({ source }) => join(root, source)), import.meta.dirname];
}

function runByNpx(cwd: string, argv: readonly string[]): Promise<number> {
  const child = spawn("npx", ["--yes", `${LOCAL}@${VERSION}`, ...argv], {
    cwd,
    stdio: "inherit",
    // npx is a script of the shell on Windows.
    shell: process.platform === "win32",
  });
  // Ctrl+C reaches both: the local cloud stops its parts first, and this process waits for it.
  const wait = () => undefined;
  process.on("SIGINT", wait);
  return new Promise((resolve, reject) => {
    child.on("error", (cause) =>
      reject(new Refusal("local-missing", `npx does not start: ${cause.message}`, { cause })),
    );
    child.on("close", (code) => {
      process.off("SIGINT", wait);
      resolve(code ?? 1);
    });
  });
}
