import { keysStepState } from "../../edits/keys-step.ts";
import type { ProjectFiles } from "../../files/project-files.ts";
import type { Project } from "../../project/project.ts";
import type { Finding } from "../finding.ts";

const CONFIG = "firebase.json";

/** Checks that a deploy makes the keys of webhooks where they are missing, by the command of this release. */
export function checkKeysStep(files: ProjectFiles, { codebase }: Project): Finding[] {
  const state = keysStepState(files.read(CONFIG) ?? "{}", codebase.place);
  if (state === "present") return [];
  const isMissing = state === "missing";
  return [
    {
      code: isMissing ? "predeploy.missing" : "predeploy.outdated",
      severity: "warning",
      message: isMissing
        ? `The predeploy steps of "${codebase.name}" in ${CONFIG} do not make the keys of webhooks.`
        : `The predeploy step of "${codebase.name}" in ${CONFIG} runs another release of this command.`,
      ifLeft: isMissing
        ? "The first deploy to a project stops: the secrets of webhooks have no value there."
        : "A secret that this release adds has no value, and the deploy stops.",
      fix: { kind: "edit", path: CONFIG, command: "npx @baton/cli doctor --fix" },
    },
  ];
}
