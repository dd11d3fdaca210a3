import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { glob, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { withBuildLock } from "./build-lock.ts";
import type { LogLine } from "./log.ts";
import { packageFile } from "./package-file.ts";
import { LocalCloudError } from "./problem.ts";

const run = promisify(execFile);

/** The checkout this file belongs to. */
export const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));

const FirebaseJson = z.object({ functions: z.array(z.object({ source: z.string() })) });

/** Folders of the codebases that `firebase deploy` would take. */
export async function deployedCodebases(): Promise<string[]> {
  const { functions } = FirebaseJson.parse(JSON.parse(await readFile(join(REPOSITORY, "firebase.json"), "utf8")));
  return functions.map(({ source }) => join(REPOSITORY, source));
}

/** Two clouds that start side by side must not both build: one would load what the other is replacing. */
const BUILD_LOCK = join(REPOSITORY, ".baton", "build.lock");

/** What the functions' bundles are made of, below the repository. */
const FUNCTION_SOURCES = ["functions/build.ts", "functions/package.json", "functions/src/**/*", "protocol/src/**/*"];

/** Builds the functions when a bundle is missing or older than its sources. */
export function buildFunctions(codebases: string[], log: LogLine): Promise<void> {
  return buildCodebases("functions", codebases, [], async () => {
    log("build", "building the functions...");
    await runBuild("The functions do not build", [join(REPOSITORY, "functions", "build.ts")], REPOSITORY);
  });
}

/**
 * Calls `build` when one of these codebases is missing or older than the functions' sources and `furtherSources` (globs
 * below the repository); one process at a time of all that build under the same name.
 */
export function buildCodebases(
  name: string,
  codebases: string[],
  furtherSources: string[],
  build: () => Promise<void>,
): Promise<void> {
  const outputs = codebases.map((folder) => join(folder, "package.json"));
  return withBuildLock(`${BUILD_LOCK}.${name}`, async () => {
    if (await isStale(outputs, [...FUNCTION_SOURCES, ...furtherSources])) await build();
  });
}

/** Folder of the built console. */
export const CONSOLE_FOLDER = join(REPOSITORY, "web", "dist");

/** Builds the console when it is missing or older than its sources. A build that fails is logged, and the page says so: the rest of the cloud is of use without it. */
export async function buildConsole(log: LogLine): Promise<void> {
  if (!existsSync(join(REPOSITORY, "web", "index.html"))) return;
  const sources = ["web/src/**/*", "web/index.html", "web/vite.config.ts", "client/src/**/*", "protocol/src/**/*"];
  await withBuildLock(`${BUILD_LOCK}.console`, async () => {
    if (!(await isStale([join(CONSOLE_FOLDER, "index.html")], sources))) return;
    log("build", "building the console...");
    const vite = [packageFile("vite", "bin/vite.js"), "build", "--logLevel", "warn"];
    await runBuild("The console does not build", vite, join(REPOSITORY, "web")).catch((error: unknown) => {
      log("build", error instanceof Error ? error.message : String(error));
    });
  });
}

async function runBuild(failure: string, args: string[], cwd: string): Promise<void> {
  try {
    await run(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: "1" } });
  } catch (cause) {
    const output =
      typeof cause === "object" && cause !== null && "stderr" in cause
        ? String(cause.stderr).trim().split("\n").slice(0, 12).join("\n")
        : String(cause);
    throw new LocalCloudError(`${failure}:\n${output}`, { cause });
  }
}

async function isStale(outputs: string[], sources: string[]): Promise<boolean> {
  const built = await Promise.all(outputs.map(modifiedAt));
  const oldestOutput = Math.min(...built.map((at) => at ?? 0));
  if (oldestOutput === 0) return true;
  for await (const file of glob(sources, { cwd: REPOSITORY })) {
    if (((await modifiedAt(join(REPOSITORY, file))) ?? 0) > oldestOutput) return true;
  }
  return false;
}

async function modifiedAt(path: string): Promise<number | undefined> {
  try {
    const { mtimeMs } = await stat(path);
    return mtimeMs;
  } catch {
    return undefined;
  }
}
