import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import type { Start } from "../cloud-parts.ts";
import type { Codebase } from "../project/project.ts";
import { runScript } from "./run-script.ts";

/** The way from a save to code that runs. */
export type BuildPlan =
  /** The saved files are those that run. */
  | { how: "none"; watched: string }
  /** A script of the codebase runs all the time and writes into `watched`. */
  | { how: "watch-script"; script: string; folder: string; watched: string; hasBuild: boolean }
  /** A script of the codebase is run after each save outside of `output`. */
  | { how: "script"; script: string; folder: string; watched: string; output: string };

const Package = z.looseObject({
  main: z.string().default("index.js"),
  scripts: z.record(z.string(), z.string()).default({}),
});

/**
 * Finds how a codebase is built: by the script `build:watch`, else by `build`, of its `package.json`, or of the folder
 * around it where only its output is deployed; else not at all.
 */
export async function buildPlanOf(codebase: Codebase, root: string): Promise<BuildPlan> {
  const { source } = codebase;
  const around = dirname(source);
  const folders = around !== root && !relative(root, around).startsWith("..") ? [source, around] : [source];
  const main = (await readPackage(source)).main;
  for (const folder of folders) {
    const { scripts } = await readPackage(folder);
    const output = folder === source ? dirname(join(source, main)) : source;
    const isSeparate = output !== folder;
    if (scripts["build:watch"] !== undefined)
      return {
        how: "watch-script",
        script: "build:watch",
        folder,
        watched: isSeparate ? output : folder,
        hasBuild: scripts.build !== undefined,
      };
    if (scripts.build !== undefined && isSeparate)
      return { how: "script", script: "build", folder, watched: folder, output };
  }
  return { how: "none", watched: source };
}

async function readPackage(folder: string): Promise<z.infer<typeof Package>> {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return Package.parse({});
  return Package.parse(JSON.parse(await readFile(path, "utf8")));
}

/** Builds a codebase whose main file is not there yet. Throws a `LocalCloudError` when that fails. */
export async function buildMissing(
  start: Pick<Start, "children" | "log" | "options">,
  codebase: Codebase,
): Promise<void> {
  if (existsSync(join(codebase.source, (await readPackage(codebase.source)).main))) return;
  const plan = await buildPlanOf(codebase, start.options.project.root);
  const canBuild = plan.how === "script" || (plan.how === "watch-script" && plan.hasBuild);
  if (!canBuild) return;
  start.log("build", `building the codebase "${codebase.name}"...`);
  await runScript(start.children, plan.folder, "build");
}
