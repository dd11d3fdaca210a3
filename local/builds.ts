import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withBuildLock } from "./build-lock.ts";
import type { LogLine } from "./log.ts";
import { packageFile } from "./package-file.ts";
import { LocalCloudError } from "./problem.ts";
import { readProject } from "./project/project.ts";
import { LOCAL_PROJECT_ID } from "./secrets.ts";

const run = promisify(execFile);

/** The checkout this file belongs to. */
export const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folders of the codebases that `firebase deploy` would take. */
export async function deployedCodebases(): Promise<string[]> {
  return (await readProject(REPOSITORY, LOCAL_PROJECT_ID)).codebases.map(({ source }) => source);
}

/** Two clouds that start side by side must not both build: one would load what the other is replacing. */
const BUILD_LOCK = join(REPOSITORY, ".baton", "build.lock");

/** The sources of the functions' bundles, below the repository. */
const FUNCTION_SOURCES = [
  "functions/*.ts",
  "functions/src/**/*",
  "engine/build/*",
  "engine/package.json",
  "engine/src/**/*",
  "protocol/src/**/*",
];

/** Builds the functions when a bundle is missing or older than its sources. */
export function buildFunctions(codebases: string[], log: LogLine, signal?: AbortSignal): Promise<void> {
  const sources = [...FUNCTION_SOURCES];
  return buildStale({ name: "functions", outputs: manifestsOf(codebases), sources, log, signal }, async () => {
    log("build", "building the functions...");
    await runBuild("The functions do not build", [join(REPOSITORY, "functions", "build.ts")], REPOSITORY, signal);
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
  const sources = [...FUNCTION_SOURCES, ...furtherSources];
  return buildStale({ name, outputs: manifestsOf(codebases), sources, log: () => {} }, build);
}

function manifestsOf(codebases: string[]): string[] {
  return codebases.map((folder) => join(folder, "package.json"));
}

/** A build: its output and its sources. */
interface Built {
  name: string;
  outputs: string[];
  /** Globs below the repository. */
  sources: string[];
  log: LogLine;
  signal?: AbortSignal | undefined;
}

/**
 * Builds outputs that are missing or stale, one process at a time. Fresh ones need no lock, and no folder that can be
 * written to.
 */
async function buildStale({ name, outputs, sources, log, signal }: Built, build: () => Promise<void>): Promise<void> {
  if (!(await isStale(outputs, sources))) return;
  const onWait = () => log("build", `another program builds the ${name}; waiting for it...`);
  const buildOnce = async () => {
    if (await isStale(outputs, sources)) await build();
  };
  try {
    await withBuildLock(`${BUILD_LOCK}.${name}`, buildOnce, { onWait, ...(signal && { signal }) });
  } catch (cause) {
    if (!isReadOnly(cause)) throw cause;
    throw new LocalCloudError(
      `The ${name} must be built, and ${REPOSITORY} cannot be written to. Run npm run build where it can be, then start again.`,
      { cause },
    );
  }
}

function isReadOnly(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["EROFS", "EACCES", "EPERM"].includes(String(error.code));
}

/** Folder of the built console. */
export const CONSOLE_FOLDER = join(REPOSITORY, "web", "dist");

/**
 * Builds the console when it is missing or older than its sources. Logs a build that fails, and the page says so: the
 * rest of the cloud works without the console.
 */
export async function buildConsole(log: LogLine, signal?: AbortSignal): Promise<void> {
  if (!existsSync(join(REPOSITORY, "web", "index.html"))) return;
  const sources = ["web/src/**/*", "web/index.html", "web/vite.config.ts", "client/src/**/*", "protocol/src/**/*"];
  const outputs = [join(CONSOLE_FOLDER, "index.html")];
  try {
    await buildStale({ name: "console", outputs, sources, log, signal }, async () => {
      log("build", "building the console...");
      const vite = [packageFile("vite", "bin/vite.js"), "build", "--logLevel", "warn"];
      await runBuild("The console does not build", vite, join(REPOSITORY, "web"), signal);
    });
  } catch (error) {
    signal?.throwIfAborted();
    log("build", error instanceof Error ? error.message : String(error));
  }
}

async function runBuild(failure: string, args: string[], cwd: string, signal?: AbortSignal): Promise<void> {
  try {
    await run(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: "1" }, ...(signal && { signal }) });
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
