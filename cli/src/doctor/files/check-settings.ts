import { posix } from "node:path";
import { parseEnv } from "node:util";
import { readConfig } from "../../../../engine/src/functions/config.ts";
import type { ProjectFiles } from "../../files/project-files.ts";
import type { Project } from "../../project/project.ts";
import { byHand, type Finding } from "../finding.ts";

/** Settings of Baton that the Firebase CLI, or the platform, gives in a deployment. */
const GIVEN = { GCLOUD_PROJECT: "a-project", BATON_REGION: "us-central1" };

/** Checks the settings in the `.env` files of the codebase, those of each project over those of all. */
export function checkSettings(files: ProjectFiles, { codebase }: Project): Finding[] {
  const common = posix.join(codebase.configDir, ".env");
  const paths = files
    .list(codebase.configDir)
    .filter((path) => /\/\.env(\.[\w-]+)?$/.test(`/${path}`) && !path.endsWith(".local"));
  return paths
    .filter((path) => posix.dirname(path) === (codebase.configDir || "."))
    .flatMap((path) => {
      const settings = { ...GIVEN, ...readEnv(files, common), ...readEnv(files, path) };
      const problem = problemOf(settings);
      return problem === undefined ? [] : [settingsInvalid(path, problem)];
    });
}

function readEnv(files: ProjectFiles, path: string): Record<string, string> {
  const parsed = parseEnv(files.read(path) ?? "");
  return Object.fromEntries(
    Object.entries(parsed).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function problemOf(settings: Record<string, string>): string | undefined {
  try {
    readConfig(settings);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function settingsInvalid(path: string, problem: string): Finding {
  return {
    code: "settings.invalid",
    severity: "error",
    message: `${path}: ${problem}`,
    ifLeft: "The deploy is refused, or the functions do not start.",
    fix: byHand(`Change the setting in ${path}.`),
  };
}
