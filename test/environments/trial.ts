import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { signIn } from "../../local/users.ts";
import { waitFor } from "../support/wait-for.ts";
import type { Environment } from "./environments.ts";

/** A start under way. */
export interface Trial {
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string | null>;
  stderr(): string;
  /** Waits until everything answers, submits a job and waits for its end. */
  runOneJob(): Promise<void>;
  /** Asks it to end, and checks that it does. */
  stop(): Promise<void>;
  /** Ends what is left of it. */
  kill(): void;
}

const Addresses = z.object({ apiUrl: z.string(), consoleUrl: z.string(), authHost: z.string() });
const Job = z.looseObject({ status: z.string() });
const READY_MS = 180_000;

/** Starts the local cloud of the checkout at `root` with free ports. */
export function startIn(root: string, { env = {}, uid, umask, reader }: Environment): Trial {
  const command = `${umask === undefined ? "" : `umask ${umask.toString(8)}; `}exec "$0" "$@"`;
  const args = ["-c", command, process.execPath, join(root, "local", "start.ts"), "--json", "--ports", "auto"];
  const child = spawn("/bin/sh", args, {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
    // Only root may take another user.
    ...(uid !== undefined && process.getuid?.() === 0 && { uid, gid: uid }),
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    stdout += chunk;
    if (reader === "closes-early") child.stdout.destroy();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    stderr += chunk;
    if (reader === "closes-early") child.stderr.destroy();
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.once("exit", (code, how) => resolve(code ?? how)),
  );
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    ended,
    stderr: () => stderr,
    async runOneJob() {
      await waitFor("the addresses", async () => stdout.endsWith("\n") || isGone(), READY_MS);
      assert.ok(stdout.endsWith("\n"), `it did not start:\n${stderr}`);
      await completeOneJob(Addresses.parse(JSON.parse(stdout)));
    },
    async stop() {
      child.kill("SIGTERM");
      assert.equal(await ended, 0, stderr);
    },
    kill: () => void (isGone() || child.kill("SIGKILL")),
  };
}

async function completeOneJob({ apiUrl, consoleUrl, authHost }: z.infer<typeof Addresses>): Promise<void> {
  assert.equal((await fetch(consoleUrl)).status, 200);
  const headers = { authorization: `Bearer ${await signIn(authHost, "ada")}`, "content-type": "application/json" };
  const body = JSON.stringify({ type: "video.analysis", input: { comments: [{ text: "I love this!" }] } });
  const submitted = await fetch(`${apiUrl}/v1/jobs`, { method: "POST", headers, body });
  const { jobId } = z.object({ jobId: z.string() }).parse(await submitted.json());
  const read = async () => Job.parse(await (await fetch(`${apiUrl}/v1/jobs/${jobId}`, { headers })).json());
  let job = await read();
  await waitFor("the end of the job", async () => {
    job = await read();
    return "finishedAt" in job;
  }).catch((error: unknown) => {
    throw new Error(`The job is not final: ${JSON.stringify(job)}`, { cause: error });
  });
  assert.equal(job.status, "completed", JSON.stringify(job));
}
