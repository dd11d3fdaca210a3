import type { FileChange } from "../files/project-files.ts";
import { writeChanges } from "../files/write-changes.ts";
import type { Refusal } from "../refusal.ts";
import { diffOf, kindOf, listOf, showChanges } from "../terminal/show-changes.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

/** Options of every command that writes. */
export interface WriteOptions {
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly fullDiff: boolean;
}

/** The outcome of changes that were shown. */
export type Proposal = "unchanged" | "written" | "dry-run" | "unconfirmed";

/** Shows changes, asks whether to make them, and makes all or none. With `--json` it shows and asks nothing. */
export async function propose(
  root: string,
  changes: readonly FileChange[],
  options: WriteOptions,
  terminal: Terminal,
): Promise<Proposal> {
  if (changes.length === 0) return "unchanged";
  if (!options.json) terminal.print(showChanges(changes, { hasColors: terminal.hasColors, full: options.fullDiff }));
  if (options.dryRun) return "dry-run";
  if (!options.json) terminal.print(`\n${listOf(changes)}`);
  const question = `\nWrite these changes to ${changes.length} ${changes.length === 1 ? "file" : "files"}?`;
  if (!options.yes && (options.json || !(await terminal.confirm(question)))) return "unconfirmed";
  await writeChanges(root, changes);
  return "written";
}

/** The exit code of a proposal. */
export function exitCodeOf(proposal: Proposal): ExitCode {
  return proposal === "unconfirmed" ? EXIT.unconfirmed : EXIT.ok;
}

/** Says what became of a proposal, in a sentence; empty where the command itself has more to say. */
export function sentenceOf(proposal: Proposal, { isInteractive }: Terminal): string {
  if (proposal === "unchanged") return "Nothing to do.";
  if (proposal === "dry-run") return "\nNothing was written: this was a dry run.";
  if (proposal === "written") return "";
  return isInteractive ? "\nNothing was written." : "\nNothing was written. Give --yes to write these changes.";
}

/** Changes for a program to read. */
export function changesAsJson(changes: readonly FileChange[]) {
  return changes.map((change) => ({ path: change.path, kind: kindOf(change), diff: diffOf(change) }));
}

/** Prints why nothing is planned for a project, and that nothing was written. Answers the exit code. */
export function refuse(refusals: readonly Refusal[], options: { json: boolean }, terminal: Terminal): ExitCode {
  tellRefusals(refusals, options, terminal);
  if (!options.json) terminal.warn("Nothing was written.");
  return EXIT.failed;
}

/** Prints refusals. */
export function tellRefusals(refusals: readonly Refusal[], options: { json: boolean }, terminal: Terminal): void {
  if (options.json) {
    const reasons = refusals.map(({ code, message, byHand }) => ({ code, message, byHand }));
    terminal.print(JSON.stringify({ outcome: "refused", refusals: reasons }, null, 2));
    return;
  }
  // The lines to add may be many: the reasons come last, where they are in sight.
  for (const { code, byHand } of refusals) {
    if (byHand !== "") terminal.warn(`To do it by hand [${code}], add:\n\n${byHand}\n`);
  }
  for (const { code, message } of refusals) terminal.warn(`${message} [${code}]`);
}
