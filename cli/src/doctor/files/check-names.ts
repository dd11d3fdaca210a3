import { posix } from "node:path";
import { exportNames } from "../../edits/export-names.ts";
import type { ProjectFiles } from "../../files/project-files.ts";
import { readCodebase } from "../../project/codebase.ts";
import type { Project } from "../../project/project.ts";
import { Refusal } from "../../refusal.ts";
import { byHand, type Finding } from "../finding.ts";

/** Checks that no function of the app has a name that is Baton's: names are those of the project, whatever the codebase. */
export function checkNames(files: ProjectFiles, { config, codebase }: Project): Finding[] {
  const entries = config.codebases.flatMap((each) => {
    try {
      return [each.name === codebase.name ? codebase : readCodebase(files, each)];
    } catch (error) {
      // Another codebase, in another language or built in another way: the deploy itself looks at its names.
      if (error instanceof Refusal) return [];
      throw error;
    }
  });
  return entries.flatMap(({ entry, name }) => {
    const names = exportNames(files.read(entry) ?? "");
    const taken = names.filter((each) => /^baton(?:$|_)/.test(each) && (name !== codebase.name || each !== "baton"));
    return taken.map((each) => nameTaken(entry, each));
  });
}

function nameTaken(entry: string, name: string): Finding {
  return {
    code: "names.taken",
    severity: "error",
    message: `${entry} exports ${name}: the names of its functions begin with baton, as Baton's own do.`,
    ifLeft: "Of two functions of one name, a deploy replaces one by the other, or refuses both.",
    fix: byHand(`Rename ${name} in ${posix.basename(entry)}.`),
  };
}
