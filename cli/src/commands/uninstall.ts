import { diskFiles } from "../files/disk-files.ts";
import { demandRoot } from "../project/find-root.ts";
import { installCommand } from "../project/install.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { leftInCloud } from "../uninstall/left-in-cloud.ts";
import { planUninstall, type UninstallOptions, type UninstallPlan } from "../uninstall/plan-uninstall.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { changesAsJson, exitCodeOf, propose, refuse, sentenceOf, type WriteOptions } from "./propose.ts";

/** Options of `baton uninstall`. */
export interface UninstallCommand extends UninstallOptions, WriteOptions {
  readonly cwd: string;
}

/** Takes Baton out of the project around `cwd`. */
export async function uninstall(options: UninstallCommand, terminal: Terminal): Promise<ExitCode> {
  const root = demandRoot(options.cwd);
  const files = diskFiles(root);
  const first = planUninstall(files, options);
  const plan =
    first.outcome === "jobs-edited"
      ? await askForJobs(first.paths, options, terminal, (jobs) => planUninstall(files, { ...options, jobs }))
      : first;
  if (plan.outcome === "refused") return refuse(plan.refusals, options, terminal);
  if (plan.outcome === "jobs-edited") return EXIT.unconfirmed;
  const proposal = await propose(root, plan.changes, options, terminal);
  const left = leftInCloud(installCommand(files, plan.project.codebase));
  const { changes, notes } = plan;
  if (options.json)
    terminal.print(JSON.stringify({ outcome: proposal, changes: changesAsJson(changes), notes, left }, null, 2));
  else terminal.print([...notes, proposal === "written" ? left : sentenceOf(proposal, terminal)].join("\n"));
  return exitCodeOf(proposal);
}

/** Asks what becomes of files that the team wrote or changed. */
async function askForJobs(
  paths: readonly string[],
  options: UninstallCommand,
  terminal: Terminal,
  planWith: (jobs: "keep" | "delete") => UninstallPlan,
): Promise<UninstallPlan> {
  if (options.json) {
    terminal.print(JSON.stringify({ outcome: "jobs-edited", paths }, null, 2));
  } else {
    terminal.warn(`You wrote or changed these files:\n${paths.map((path) => `  ${path}`).join("\n")}`);
    if (await terminal.confirm("Delete them, too?")) return planWith("delete");
    if (terminal.isInteractive) return planWith("keep");
    terminal.warn("Nothing was written. Give --keep-jobs, or --delete-jobs.");
  }
  return { outcome: "jobs-edited", paths: [...paths] };
}
