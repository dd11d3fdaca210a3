import type { GcloudCommand } from "./gcloud.ts";

/** Codes of all findings. `docs/cli.md` explains each. */
export const FINDING_CODES = [
  "baton.missing",
  "dependency.missing",
  "export.missing",
  "rules.missing",
  "rules.outdated",
  "rules.open",
  "rules.unreadable",
  "indexes.missing",
  "ttl.missing",
  "predeploy.missing",
  "predeploy.outdated",
  "versions.differ",
  "versions.not-installed",
  "versions.sdk-old",
  "names.taken",
  "runtime.old",
  "settings.invalid",
  "gcloud.unusable",
  "apis.disabled",
  "database.missing",
  "functions.missing",
  "functions.failed",
  "functions.regions",
  "secrets.missing",
  "indexes.unbuilt",
  "ttl.inactive",
  "subscriptions.policy",
  "roles.missing",
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** One thing that is not as it should be. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: Baton does not work, or its data is open. `warning`: a part fails, or will. `advice`: it works, and could be better. */
  readonly severity: "error" | "warning" | "advice";
  /** Says what is wrong, and where. */
  readonly message: string;
  /** Says what happens if it is left. */
  readonly ifLeft: string;
  readonly fix: Fix;
}

/** The way in which a finding is fixed. `command` is what a person would type. */
export type Fix =
  /** `baton doctor --fix` edits the file, as `init` would. */
  | { readonly kind: "edit"; readonly path: string; readonly command: string }
  /** `baton doctor --fix` runs the command after a yes. */
  | { readonly kind: "gcloud"; readonly command: string; readonly run: readonly GcloudCommand[] }
  | { readonly kind: "by-hand"; readonly command: string };

/** A fix by hand. */
export function byHand(command: string): Fix {
  return { kind: "by-hand", command };
}
