import { basename } from "node:path";
import { buildConsole, buildFunctions, REPOSITORY } from "./builds.ts";
import type { CloudOptions } from "./cloud-options.ts";
import { consoleSite } from "./own-console.ts";
import { type Project, readProject } from "./project/project.ts";
import { LOCAL_PROJECT_ID } from "./secrets.ts";
import { type LocalCloud, startCloud } from "./start-cloud.ts";

export type { Addresses } from "./addresses.ts";
export type { LocalCloud } from "./start-cloud.ts";

/** The settings of a local cloud for this repository. */
export interface LocalCloudOptions extends Omit<CloudOptions, "project" | "prepareFunctions" | "site"> {
  /** Folders of built functions; default: those of `firebase.json`, built first when stale. */
  codebases?: string[];
  /** Default: `demo-baton`. */
  projectId?: string;
  /** False leaves the console out. */
  console?: boolean;
}

/** Starts a local cloud for this repository, whose functions and console it builds when they are stale; see `startCloud`. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { codebases, console: hasConsole = true, projectId = LOCAL_PROJECT_ID, ...settings } = options;
  const project = await readProject(REPOSITORY, projectId);
  return startCloud({
    ...settings,
    project: codebases === undefined ? project : { ...project, codebases: codebases.map(codebaseAt) },
    ...(codebases === undefined && {
      prepareFunctions: (log, signal) =>
        buildFunctions(
          project.codebases.map(({ source }) => source),
          log,
          signal,
        ),
    }),
    site: hasConsole ? { ...consoleSite(), prepare: buildConsole } : undefined,
  });
}

function codebaseAt(source: string): Project["codebases"][number] {
  return { name: basename(source), source, configDir: source, ignore: [] };
}
