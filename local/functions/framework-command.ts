import { join } from "node:path";
import { type FunctionSpec, signatureOf } from "../manifest/manifest.ts";
import { packageFile, packageFolder } from "../package-file.ts";

const FRAMEWORK = "@google-cloud/functions-framework";

/** A Node, and the arguments that come before its program. */
export interface NodeProgram {
  file: string;
  args: readonly string[];
}

/** The Node that runs this program. */
export const THIS_NODE: NodeProgram = { file: process.execPath, args: [] };

/** The command that serves a function at a socket, by the functions framework: the codebase's own if it has one. */
export function frameworkCommand(spec: FunctionSpec, node: NodeProgram, socketPath: string) {
  const codebase = join(spec.folder, "package.json");
  const from = packageFolder(FRAMEWORK, codebase) === undefined ? undefined : codebase;
  return {
    name: spec.name,
    file: node.file,
    args: [
      ...node.args,
      packageFile(FRAMEWORK, "build/src/main.js", from),
      `--target=${spec.entryPoint}`,
      `--signature-type=${signatureOf(spec.trigger)}`,
      `--port=${socketPath}`,
    ],
    cwd: spec.folder,
  };
}
