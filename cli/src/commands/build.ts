import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { diskFiles } from "../files/disk-files.ts";
import { readCodebase } from "../project/codebase.ts";
import { demandRoot } from "../project/find-root.ts";
import { chooseCodebase, type ProjectOptions, readConfig } from "../project/project.ts";
import { importFrom } from "../project/team-module.ts";
import { Refusal } from "../refusal.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

/** Options of `baton build`. */
export interface BuildCommand extends ProjectOptions {
  readonly cwd: string;
  /** Folder of the bundle, relative to `cwd`. */
  readonly out: string;
  /** Packages that stay outside of the bundle. */
  readonly external: readonly string[];
  readonly json: boolean;
}

type BuildFunctions = (options: {
  entry: string;
  outDir: string;
  lockfile: string;
  packages: readonly string[];
}) => Promise<void>;

const BuildModule = z.object({
  buildFunctions: z.custom<BuildFunctions>((value) => typeof value === "function"),
});

/** Bundles a codebase into a folder that deploys as it is, by the engine that is installed in it. */
export async function build(options: BuildCommand, terminal: Terminal): Promise<ExitCode> {
  const root = demandRoot(options.cwd);
  const files = diskFiles(root);
  const codebase = readCodebase(files, chooseCodebase(files, readConfig(files), options), options.entry);
  const folder = join(root, codebase.source);
  const engine = BuildModule.safeParse(await importFrom(folder, "@baton/engine/build"));
  if (!engine.success) {
    const message = `@baton/engine is not installed in ${codebase.source || "."}. Run "npm install" there first.`;
    throw new Refusal("engine-missing", message);
  }
  const outDir = resolve(options.cwd, options.out);
  await engine.data.buildFunctions({
    entry: join(root, codebase.entry),
    outDir,
    lockfile: lockfileAbove(folder),
    packages: options.external,
  });
  terminal.print(
    options.json ? JSON.stringify({ outcome: "built", outDir }) : `Bundled ${codebase.entry} into ${outDir}.`,
  );
  return EXIT.ok;
}

/** The lockfile of a folder, or of the workspace around it. */
function lockfileAbove(folder: string): string {
  for (let place = folder; ; place = dirname(place)) {
    const lockfile = join(place, "package-lock.json");
    if (existsSync(lockfile)) return lockfile;
    if (dirname(place) === place) break;
  }
  throw new Refusal(
    "engine-missing",
    `There is no package-lock.json in ${folder}, or above it. Run "npm install" first.`,
  );
}
