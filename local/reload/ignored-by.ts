import { basename, relative, sep } from "node:path";
import { matchesGlob } from "../glob.ts";
import type { Codebase } from "../project/project.ts";

/** Tells which paths a codebase leaves out of its deployment: a glob without a slash fits a name at any depth. */
export function ignoredBy({ source, ignore }: Codebase): (path: string) => boolean {
  return (path) => {
    const inside = relative(source, path).split(sep).join("/");
    return ignore.some(
      (glob) => matchesGlob(inside, glob) || (!glob.includes("/") && matchesGlob(basename(path), glob)),
    );
  };
}
