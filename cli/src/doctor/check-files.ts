import type { ProjectFiles } from "../files/project-files.ts";
import { hasBatonFolder } from "../project/codebase.ts";
import type { Project } from "../project/project.ts";
import { checkEdits } from "./files/check-edits.ts";
import { checkKeysStep } from "./files/check-keys-step.ts";
import { checkNames } from "./files/check-names.ts";
import { checkSettings } from "./files/check-settings.ts";
import { checkVersions } from "./files/check-versions.ts";
import { byHand, type Finding } from "./finding.ts";

/** Checks an installation by the files of the project alone. */
export function checkFiles(files: ProjectFiles, project: Project): Finding[] {
  if (!hasBatonFolder(files, project.codebase)) return [batonMissing(project)];
  return [
    ...checkEdits(files, project),
    ...checkKeysStep(files, project),
    ...checkVersions(files, project),
    ...checkNames(files, project),
    ...checkSettings(files, project),
  ];
}

/** Without its folder nothing else of an installation can be judged, or repaired. */
function batonMissing({ codebase: { batonFolder } }: Project): Finding {
  return {
    code: "baton.missing",
    severity: "error",
    message: `Baton is not in this project: there is no index file in ${batonFolder}.`,
    ifLeft: "No function of Baton is there to run or to deploy.",
    fix: byHand("npx @baton/cli init"),
  };
}
