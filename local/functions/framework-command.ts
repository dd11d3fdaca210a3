import { type FunctionSpec, signatureOf } from "../manifest.ts";
import { packageFile } from "../package-file.ts";

/** The command that serves a function at a socket, by the functions framework. */
export function frameworkCommand(spec: FunctionSpec, socketPath: string) {
  const program = packageFile("@google-cloud/functions-framework", "build/src/main.js");
  return {
    name: spec.name,
    file: process.execPath,
    args: [
      program,
      `--target=${spec.entryPoint}`,
      `--signature-type=${signatureOf(spec.trigger)}`,
      `--port=${socketPath}`,
    ],
    cwd: spec.folder,
  };
}
