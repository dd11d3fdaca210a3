import { spawn } from "node:child_process";
import { z } from "zod";
import type { Secrets } from "./make-missing-keys.ts";

/** The outcome of a run of the Firebase CLI. */
export interface FirebaseAnswer {
  exitCode: number | null;
  output: string;
  errors: string;
}

/** Runs the Firebase CLI with a text for its input. Rejects when there is none. */
export type RunFirebase = (args: readonly string[], input: string) => Promise<FirebaseAnswer>;

/** With `--json` the CLI prints one of these. */
const Answer = z.union([
  z.object({ status: z.literal("success"), result: z.object({ secrets: z.array(z.looseObject({})) }) }),
  z.object({ status: z.literal("error"), error: z.string() }),
]);

/** The CLI's words for an answer 404 of Secret Manager. */
const IS_ABSENT = /HTTP Error: 404\b/;

/** The secrets of `projectId`, by the login of the Firebase CLI: who may deploy functions with secrets may use it. */
export function firebaseSecrets(projectId: string, run: RunFirebase = runFirebase): Secrets {
  const options = ["--project", projectId, "--non-interactive"];
  return {
    async hasValue(name) {
      const { output, errors } = await run(["functions:secrets:get", name, ...options, "--json"], "");
      const answer = parse(output);
      if (answer?.status === "success") return answer.result.secrets.length > 0;
      if (answer?.status === "error" && IS_ABSENT.test(answer.error)) return false;
      throw new Error(
        `The Firebase CLI cannot say whether ${name} has a value: ${answer?.error ?? said(output, errors)}`,
      );
    },
    async add(name, value) {
      const { exitCode, output, errors } = await run(
        ["functions:secrets:set", name, ...options, "--data-file", "-"],
        value,
      );
      if (exitCode !== 0) throw new Error(`The Firebase CLI did not store ${name}: ${said(output, errors)}`);
    },
  };
}

function said(...texts: string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join("\n");
}

/** Lines may come before the object. */
function parse(output: string) {
  try {
    return Answer.safeParse(JSON.parse(output.slice(output.indexOf("{")))).data;
  } catch {
    return undefined;
  }
}

function runFirebase(args: readonly string[], input: string): Promise<FirebaseAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn("firebase", args, { shell: process.platform === "win32" });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", (cause) =>
      reject(new Error("The Firebase CLI is not on the path: npm install --save-dev firebase-tools", { cause })),
    );
    child.on("close", (exitCode) => resolve({ exitCode, output, errors }));
    // A program that ends before it reads is told of by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
