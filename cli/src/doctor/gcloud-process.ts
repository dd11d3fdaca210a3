import { spawn } from "node:child_process";
import { JsonValue } from "@baton/protocol";
import type { Gcloud, GcloudAnswer, GcloudCommand } from "./gcloud.ts";

const TIMEOUT_MS = 60_000;
const LOGGED_OUT = /gcloud auth login|do not currently have an active account|reauthentication|invalid_grant/i;

/** Runs the gcloud of this machine, with its own login. It asks no questions. */
export function gcloudProcess(program = "gcloud"): Gcloud {
  return { run: (command) => run(program, command) };
}

function run(program: string, { args, input }: GcloudCommand): Promise<GcloudAnswer> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args, "--format=json", "--quiet"], {
      timeout: TIMEOUT_MS,
      shell: process.platform === "win32",
    });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "ENOENT" ? { outcome: "missing" } : { outcome: "failed", reason: error.message });
    });
    child.on("close", (code) => resolve(answerOf(code, output, errors)));
    // A program that ends before it reads is told of by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input?.make() ?? "");
  });
}

function answerOf(code: number | null, output: string, errors: string): GcloudAnswer {
  if (code !== 0) {
    if (LOGGED_OUT.test(errors)) return { outcome: "logged-out" };
    const first = errors.split("\n").find((line) => line.startsWith("ERROR:")) ?? errors.trim().split("\n")[0] ?? "";
    return { outcome: "failed", reason: first === "" ? `gcloud ended with exit code ${code}` : first };
  }
  if (output.trim() === "") return { outcome: "ok", value: null };
  try {
    return { outcome: "ok", value: JsonValue.parse(JSON.parse(output)) };
  } catch {
    return { outcome: "failed", reason: "gcloud printed something that is not JSON" };
  }
}
