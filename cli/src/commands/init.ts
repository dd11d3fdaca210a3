import { resolve } from "node:path";
import { diskFiles } from "../files/disk-files.ts";
import { type InitOptions, planInit } from "../init/plan-init.ts";
import { findRoot } from "../project/find-root.ts";
import { installCommand, runInstall } from "../project/install.ts";
import type { Project } from "../project/project.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { ExitCode } from "./exit-codes.ts";
import { changesAsJson, exitCodeOf, type Proposal, propose, refuse, sentenceOf, type WriteOptions } from "./propose.ts";

/** Options of `baton init`. */
export interface InitCommand extends InitOptions, WriteOptions {
  readonly cwd: string;
  /** Installs the packages afterwards. */
  readonly install: boolean;
}

/** Adds Baton to the project around `cwd`, or to a new one in it. */
export async function init(options: InitCommand, terminal: Terminal): Promise<ExitCode> {
  const root = findRoot(options.cwd) ?? resolve(options.cwd);
  const files = diskFiles(root);
  const plan = planInit(files, options);
  if (plan.outcome === "refused") return refuse(plan.refusals, options, terminal);
  const proposal = await propose(root, plan.changes, options, terminal);
  const next = nextSteps(plan.project, installCommand(files, plan.project.codebase), options);
  if (options.install && proposal === "written") await runInstall(root, files, plan.project.codebase);
  if (options.json)
    terminal.print(JSON.stringify({ outcome: proposal, changes: changesAsJson(plan.changes), next }, null, 2));
  else
    terminal.print(
      proposal === "written" ? written(plan.project, next) : sentenceOf(proposal satisfies Proposal, terminal),
    );
  return exitCodeOf(proposal);
}

function nextSteps({ codebase, config }: Project, install: string, { install: isInstalled }: InitCommand): string[] {
  return [
    ...(isInstalled ? [] : [install]),
    "npx @baton/cli dev",
    `firebase deploy --only functions:${codebase.name},firestore${config.storageRules.length > 0 ? ",storage" : ""}`,
  ];
}

function written({ codebase }: Project, next: readonly string[]): string {
  const [first = "", ...rest] = next.map((command) => `  ${command}`);
  return `\nDone. Your first job type is ${codebase.batonFolder}/jobs/hello${codebase.extension}. Next:\n\n${[first, ...rest].join("\n")}`;
}
