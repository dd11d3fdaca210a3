import { checkCloud } from "../doctor/check-cloud.ts";
import { checkFiles } from "../doctor/check-files.ts";
import type { Finding } from "../doctor/finding.ts";
import { fixFiles, runFixes } from "../doctor/fix.ts";
import type { Gcloud } from "../doctor/gcloud.ts";
import { diskFiles } from "../files/disk-files.ts";
import { demandRoot } from "../project/find-root.ts";
import { type ProjectOptions, readProject } from "../project/project.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { propose, refuse, sentenceOf, type WriteOptions } from "./propose.ts";

/** Options of `baton doctor`. */
export interface DoctorCommand extends ProjectOptions, WriteOptions {
  readonly cwd: string;
  /** Id of a project in the cloud that is checked, too. */
  readonly project?: string;
  readonly fix: boolean;
}

/** Checks an installation, and with `fix` repairs what it can, each after a yes. */
export async function doctor(options: DoctorCommand, terminal: Terminal, gcloud: Gcloud): Promise<ExitCode> {
  const root = demandRoot(options.cwd);
  const find = async () => {
    const files = diskFiles(root);
    const project = readProject(files, options);
    const online = options.project === undefined ? [] : await checkCloud(gcloud, options.project, project.database);
    return { files, project, findings: [...checkFiles(files, project), ...online] };
  };
  let { files, project, findings } = await find();
  if (options.fix && findings.some(({ fix }) => fix.kind !== "by-hand")) {
    if (!options.json) terminal.print(describe(findings));
    const plan = fixFiles(files, project, findings);
    if (plan.refusals.length > 0) return refuse(plan.refusals, options, terminal);
    const proposal = await propose(root, plan.changes, options, terminal);
    if (!options.json && proposal !== "unchanged") terminal.print(sentenceOf(proposal, terminal));
    if (!options.dryRun) await runFixes(findings, options, terminal, gcloud);
    ({ findings } = await find());
  }
  terminal.print(options.json ? asJson(findings) : describe(findings));
  return findings.some(({ severity }) => severity !== "advice") ? EXIT.failed : EXIT.ok;
}

function describe(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Everything is as it should be.";
  const blocks = findings.map(({ severity, code, message, ifLeft, fix }) => {
    const [first = "", ...more] = fix.command.split("\n");
    return [
      `${severity}: ${message} [${code}]`,
      `  If left: ${ifLeft}`,
      `  To fix:  ${first}`,
      ...more.map((line) => `           ${line}`),
    ].join("\n");
  });
  return blocks.join("\n\n");
}

function asJson(findings: readonly Finding[]): string {
  const plain = findings.map(({ fix, ...finding }) => ({ ...finding, fix: { kind: fix.kind, command: fix.command } }));
  return JSON.stringify({ outcome: findings.length === 0 ? "fine" : "found", findings: plain }, null, 2);
}
