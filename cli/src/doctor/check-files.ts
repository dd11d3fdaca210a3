import type { ProjectFiles } from "../files/project-files.ts";
import type { Project } from "../project/project.ts";
import { checkEdits } from "./files/check-edits.ts";
import { checkKeysStep } from "./files/check-keys-step.ts";
import { checkNames } from "./files/check-names.ts";
import { checkSettings } from "./files/check-settings.ts";
import { checkVersions } from "./files/check-versions.ts";
import type { Finding } from "./finding.ts";

/** Checks an installation by the files of the project alone. */
export function checkFiles(files: ProjectFiles, project: Project): Finding[] {
  return [
    ...checkEdits(files, project),
    ...checkKeysStep(files, project),
    ...checkVersions(files, project),
    ...checkNames(files, project),
    ...checkSettings(files, project),
  ];
}
