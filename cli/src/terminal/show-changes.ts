import { formatPatch, structuredPatch } from "diff";
import type { FileChange } from "../files/project-files.ts";

/** Lines of one file's diff that are shown unless all are asked for. */
const SHOWN_LINES = 60;

/** Colors of a terminal: https://en.wikipedia.org/wiki/ANSI_escape_code#Colors */
const COLORS: Readonly<Record<string, string>> = { "+": "\u001b[32m", "-": "\u001b[31m", "@": "\u001b[36m" };
const RESET = "\u001b[0m";

/** The difference that a change makes, as a unified diff. */
export function diffOf({ path, before, after }: FileChange): string {
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  const to = after === undefined ? "/dev/null" : `b/${path}`;
  const diff = formatPatch(structuredPatch(from, to, before ?? "", after ?? ""));
  return diff.slice(diff.indexOf("--- ")).trimEnd();
}

/** Changes as a person reads them: what becomes of each file, and its diff, cut unless `full`. */
export function showChanges(changes: readonly FileChange[], options: { hasColors: boolean; full: boolean }): string {
  return changes.map((change) => `${titleOf(change)}\n${shownDiff(change, options)}`).join("\n\n");
}

/** Names each file with its kind of change, without its diff: the diffs of many files do not fit on a screen. */
export function listOf(changes: readonly FileChange[]): string {
  return changes.map((change) => `  ${titleOf(change)}`).join("\n");
}

/** `create`, `edit` or `delete`. */
export function kindOf({ before, after }: FileChange): "create" | "edit" | "delete" {
  if (before === undefined) return "create";
  return after === undefined ? "delete" : "edit";
}

function titleOf(change: FileChange): string {
  return `${kindOf(change)} ${change.path}`;
}

function shownDiff(change: FileChange, { hasColors, full }: { hasColors: boolean; full: boolean }): string {
  const lines = diffOf(change).replaceAll("\r", "").split("\n");
  const shown = full ? lines : lines.slice(0, SHOWN_LINES);
  const hidden = lines.length - shown.length;
  const painted = hasColors ? shown.map(paint) : shown;
  return [...painted, ...(hidden > 0 ? [`  ... ${hidden} more lines; --full-diff shows them`] : [])].join("\n");
}

function paint(line: string): string {
  const color = COLORS[line.charAt(0)];
  return color === undefined ? line : color + line + RESET;
}
