import { type FileChange, type ProjectFiles, workingCopy } from "../files/project-files.ts";
import { applyEdits, keepRecord } from "../init/plan-init.ts";
import { editsOf, type Project } from "../project/project.ts";
import type { Refusal } from "../refusal.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Finding } from "./finding.ts";
import type { Gcloud } from "./gcloud.ts";
import { typed } from "./gcloud.ts";

/** Plans the edits that fix findings in files: those of `init`, in these files alone. */
export function fixFiles(
  files: ProjectFiles,
  project: Project,
  findings: readonly Finding[],
): { changes: FileChange[]; refusals: Refusal[] } {
  const paths = new Set(findings.flatMap(({ fix }) => (fix.kind === "edit" ? [fix.path] : [])));
  const copy = workingCopy(files);
  // Open rules are a finding of their own, and no reason to leave the block as it is.
  const options = { allowOpenRules: true };
  const refusals = applyEdits(
    copy,
    editsOf(project, options).filter(({ path }) => paths.has(path)),
  );
  keepRecord(copy, project, options);
  return { changes: copy.changes(), refusals };
}

/** Runs the commands that fix findings in the cloud, each after a yes. One that fails is told of, and does not stop the others. */
export async function runFixes(
  findings: readonly Finding[],
  { yes, json }: { yes: boolean; json: boolean },
  terminal: Terminal,
  gcloud: Gcloud,
): Promise<void> {
  const commands = findings.flatMap(({ fix }) => (fix.kind === "gcloud" ? fix.run : []));
  for (const command of commands) {
    const text = typed(command);
    if (!yes && (json || !(await terminal.confirm(`Run ${text}?`)))) continue;
    if (!json) terminal.print(`$ ${text}`);
    const answer = await gcloud.run(command);
    if (answer.outcome === "ok") continue;
    terminal.warn(answer.outcome === "failed" ? answer.reason : `gcloud is ${answer.outcome}.`);
  }
}
