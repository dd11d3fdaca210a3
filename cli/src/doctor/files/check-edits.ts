import { ENGINE } from "../../edits/dependency.ts";
import { exportsBaton } from "../../edits/entry-export.ts";
import { missingEntries } from "../../edits/index-entries.ts";
import { openMatches } from "../../edits/open-rules.ts";
import { firestoreRules, storageRules } from "../../edits/own-texts.ts";
import { blockOf, openMessage, type RulesKind, rulesEdit } from "../../edits/rules-block.ts";
import { outlineOf } from "../../edits/rules-outline.ts";
import type { ProjectFiles } from "../../files/project-files.ts";
import type { Project } from "../../project/project.ts";
import { Refusal } from "../../refusal.ts";
import { byHand, type Finding, type Fix } from "../finding.ts";

const edit = (path: string): Fix => ({ kind: "edit", path, command: "npx @baton/cli doctor --fix" });

/** Checks that each part which `init` adds is there, and is that of this release. */
export function checkEdits(files: ProjectFiles, project: Project): Finding[] {
  const { config, rules, indexes } = project;
  return [
    ...checkCode(files, project),
    ...checkRules(files, rules, firestoreRules()),
    ...config.storageRules.flatMap((path) => checkRules(files, path, storageRules())),
    ...checkIndexes(files, indexes),
  ];
}

function checkCode(files: ProjectFiles, { codebase }: Project): Finding[] {
  const { dependencies = {} } = codebase.package;
  const findings: Finding[] = [];
  if (!(ENGINE in dependencies)) {
    findings.push({
      code: "dependency.missing",
      severity: "error",
      message: `${codebase.packagePath} has no dependency ${ENGINE}.`,
      ifLeft: "The functions do not build, or do not start after a deploy.",
      fix: edit(codebase.packagePath),
    });
  }
  if (!exportsBaton(files.read(codebase.entry) ?? "")) {
    findings.push({
      code: "export.missing",
      severity: "error",
      message: `${codebase.entry} does not export baton from the folder beside it.`,
      ifLeft: "No function of Baton is deployed; the next deploy asks to delete those that are.",
      fix: edit(codebase.entry),
    });
  }
  return findings;
}

function checkRules(files: ProjectFiles, path: string, kind: RulesKind): Finding[] {
  const text = files.read(path) ?? "";
  const open = openMatches(outlineOf(text) ?? [], kind.targets).map(
    (match): Finding => ({
      code: "rules.open",
      severity: "error",
      message: openMessage(path, kind, match.path, match.condition),
      ifLeft: "A client may read, and perhaps write, what belongs to other users: jobs, results, secrets of webhooks.",
      fix: byHand(
        `Change the match in ${path}, then: firebase deploy --only ${kind.service === "cloud.firestore" ? "firestore:rules" : "storage"}`,
      ),
    }),
  );
  return [...open, ...checkBlock(text, path, kind)];
}

function checkBlock(text: string, path: string, kind: RulesKind): Finding[] {
  const isThere = blockOf(text) !== undefined;
  try {
    if (rulesEdit(path, kind, { allowOpenRules: true }).add(text) === text) return [];
    return [
      {
        code: isThere ? "rules.outdated" : "rules.missing",
        severity: isThere ? "warning" : "error",
        message: isThere ? `The block in ${path} is that of another release.` : `${path} has no block of Baton.`,
        ifLeft: "Clients cannot watch their own jobs, or read what this release keeps elsewhere.",
        fix: edit(path),
      },
    ];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const ifLeft = "Whether clients can read their own jobs, and only these, is not known.";
    return [
      { code: "rules.unreadable", severity: "error", message: error.message, ifLeft, fix: byHand(`Repair ${path}.`) },
    ];
  }
}

function checkIndexes(files: ProjectFiles, path: string): Finding[] {
  const { indexes, fieldOverrides } = missingEntries(files.read(path) ?? "{}", path);
  const groups = (entries: readonly { collectionGroup: string }[]) =>
    [...new Set(entries.map((entry) => entry.collectionGroup))].join(", ");
  const policies = fieldOverrides.filter(({ ttl }) => ttl === true);
  const others = [...indexes, ...fieldOverrides.filter(({ ttl }) => ttl !== true)];
  const findings: Finding[] = [];
  if (others.length > 0) {
    findings.push({
      code: "indexes.missing",
      severity: "error",
      message: `${path} lacks ${others.length} indexes and exemptions of ${groups(others)}.`,
      ifLeft: "Lists of jobs, and the sweep that repairs them, fail; writes cost more than they need.",
      fix: edit(path),
    });
  }
  if (policies.length > 0) {
    findings.push({
      code: "ttl.missing",
      severity: "warning",
      message: `${path} lacks the TTL policies of ${groups(policies)}.`,
      ifLeft: "Documents that have expired are kept, and paid for, for ever.",
      fix: edit(path),
    });
  }
  return findings;
}
