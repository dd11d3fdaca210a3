import { basename, dirname, relative } from "node:path";
import type { Bridge } from "../bridge/bridge.ts";
import { load, reportNotes } from "../cloud-functions.ts";
import type { Start } from "../cloud-parts.ts";
import type { Fleet } from "../functions/fleet.ts";
import { explain } from "../problem.ts";
import { envFilesOf, SECRET_FILE } from "../project/env-files.ts";
import type { Codebase } from "../project/project.ts";
import { type BuildPlan, buildPlanOf } from "./build-plan.ts";
import { followRules } from "./follow-rules.ts";
import { ignoredBy } from "./ignored-by.ts";
import { runScript, startScript } from "./run-script.ts";
import { watchFolder } from "./watch-folder.ts";

/** A pause without a further change that ends a save: editors and compilers write several files. */
const QUIET_MS = 100;

/**
 * Loads a codebase again whenever one of its files, or of its variables', is saved. Code that does not load is told of,
 * and the version before continues to run. Ends with the cloud.
 */
export async function followSources(start: Start, fleet: Fleet, bridge: Bridge): Promise<void> {
  const { project } = start.options;
  try {
    await Promise.all(project.codebases.map((codebase) => followCodebase(start, codebase, fleet, bridge)));
    if (project.rules !== undefined) await followRules(start, project.rules);
  } catch (error) {
    // A system that watches no more folders, as some containers: everything else works.
    start.log("reload", `Saved files are not loaded again: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function followCodebase(start: Start, codebase: Codebase, fleet: Fleet, bridge: Bridge): Promise<void> {
  const { scope, options, children } = start;
  const { root } = options.project;
  const plan = await buildPlanOf(codebase, root);
  if (plan.how === "watch-script") startScript(children, plan.folder, plan.script);
  const changed = new Set<string>();
  const reload = async () => {
    const files = [...changed];
    changed.clear();
    await reloadCodebase({ start, codebase, fleet, bridge, plan, files });
  };
  const saved = whenQuiet(reload, QUIET_MS);
  const onChange = (path: string) => {
    changed.add(relative(root, path));
    saved();
  };
  const isIgnored = ignoredOf(codebase, plan);
  const sources = await watchFolder(plan.watched, { isIgnored, onChange });
  await scope.add(() => sources.close());
  const names = new Set([...envFilesOf(options.project), SECRET_FILE]);
  const isNoVariable = (path: string) => dirname(path) !== codebase.configDir || !names.has(basename(path));
  const variables = await watchFolder(codebase.configDir, { isIgnored: isNoVariable, onChange });
  await scope.add(() => variables.close());
}

/**
 * The output of a script is no source of it, nor are folders of its name with an ending, which hold other outputs. A file
 * of variables has a watcher of its own.
 */
function ignoredOf(codebase: Codebase, plan: BuildPlan): (path: string) => boolean {
  const isIgnored = ignoredBy(codebase);
  const isOutput = (path: string) =>
    plan.how === "script" && (path === plan.output || path.startsWith(`${plan.output}.`));
  return (path) => isOutput(path) || basename(path).startsWith(".") || isIgnored(path);
}

/** Calls `act` once `quietMs` have passed without a further call, and never again before it has ended. */
function whenQuiet(act: () => Promise<void>, quietMs: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(act);
    }, quietMs).unref();
  };
}

interface Reload {
  start: Start;
  codebase: Codebase;
  fleet: Fleet;
  bridge: Bridge;
  plan: BuildPlan;
  /** The files that were saved, as the person at the terminal names them. */
  files: string[];
}

async function reloadCodebase({ start, codebase, fleet, bridge, plan, files }: Reload): Promise<void> {
  const { log, signal, children } = start;
  // A save while the one before was being loaded is part of it.
  if (signal.aborted || files.length === 0) return;
  const startedAt = performance.now();
  const [first = "", ...others] = files;
  log("reload", `${first}${others.length > 0 ? ` and ${others.length} more` : ""} saved`);
  try {
    if (plan.how === "script") await runScript(children, plan.folder, plan.script);
    const loaded = await load(start, codebase);
    const { ended } = fleet.reload(loaded);
    await bridge.update(fleet.functions);
    reportNotes(start, loaded);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    log("reload", `${codebase.name}: ${loaded.specs.length} functions loaded in ${seconds} s`);
    void Promise.all([ended, fleet.warm()]);
  } catch (error) {
    if (signal.aborted) return;
    for (const line of explain(error).split("\n")) log("reload", line);
    log("reload", `${codebase.name}: the version before continues to run; save again when this is repaired`);
  }
}
