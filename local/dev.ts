import { consoleSite } from "./own-console.ts";
import { prepareProcess } from "./own-process.ts";
import { explain } from "./problem.ts";
import { readProject } from "./project/project.ts";
import { serve } from "./serve.ts";
import { startCloud } from "./start-cloud.ts";

/** A command's arguments and the folder in which it was typed. */
export interface CommandLine {
  cwd: string;
  argv: readonly string[];
}

/**
 * Runs the Firebase project of folder `cwd` on this machine until it is asked to stop, and loads a codebase again
 * whenever one of its files is saved. Answers the exit code: 0 after a stop, 1 after a failure, which is told on stderr.
 */
export async function runDev({ cwd, argv }: CommandLine): Promise<number> {
  prepareProcess();
  try {
    return await serve(argv, {
      command: "npx @baton/cli dev",
      tokenCommand: "npx @baton/cli token",
      async start({ projectId, ...options }) {
        const project = await readProject(cwd, projectId);
        return startCloud({ ...options, project, site: consoleSite(), reload: true, lazy: true });
      },
    });
  } catch (error) {
    console.error(explain(error));
    return 1;
  }
}
