import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Child, Children, Command } from "../children.ts";
import { whenListening } from "../http.ts";
import { HOST } from "../ports.ts";
import { LocalCloudError } from "../problem.ts";

/** What every emulator is started with. */
export interface EmulatorContext {
  children: Children;
  projectId: string;
  /** Where it keeps its own files; never the repository. */
  folder: string;
  /** Aborts the wait for it. */
  signal: AbortSignal;
}

/** Told when an emulator ends, wanted or not; the cloud ignores it once it is stopping. */
export type Fail = (error: LocalCloudError) => void;

/** Bounds the memory of each Java emulator; both stay far below it in a test run. */
const JAVA_MEMORY = "-Xmx512m";

/** Starts the Firestore emulator; Firestore triggers are called at `functionsHost` (`host:port`). Resolves when it answers. */
export async function startFirestore(
  context: EmulatorContext,
  jar: string,
  port: number,
  functionsHost: string,
  rules: string,
  fail: Fail,
): Promise<Child> {
  const main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";
  const options = [
    "--host",
    HOST,
    "--port",
    String(port),
    "--project_id",
    context.projectId,
    "--functions_emulator",
    functionsHost,
  ];
  // Without rules the emulator lets everybody do everything, as a project without rules would not.
  if (existsSync(rules)) options.push("--rules", rules);
  const args = [JAVA_MEMORY, "-XX:+UseSerialGC", "-cp", jar, main, "start", ...options];
  return startJava(context, { name: "firestore", args }, port, fail);
}

/** Starts the Pub/Sub emulator. Resolves when it answers. */
export async function startPubsub(context: EmulatorContext, jar: string, port: number, fail: Fail): Promise<Child> {
  return startJava(
    context,
    { name: "pubsub", args: [JAVA_MEMORY, "-XX:+UseSerialGC", "-jar", jar, `--host=${HOST}`, `--port=${port}`] },
    port,
    fail,
  );
}

/** Starts the Auth emulator of firebase-tools, without the rest of the suite. Resolves when it answers. */
export async function startAuth(context: EmulatorContext, port: number, fail: Fail): Promise<Child> {
  const script = fileURLToPath(new URL("auth-server.ts", import.meta.url));
  return startWatched(
    context,
    { name: "auth", file: process.execPath, args: [script, context.projectId, String(port)] },
    port,
    fail,
  );
}

function startJava(
  context: EmulatorContext,
  java: { name: string; args: string[] },
  port: number,
  fail: Fail,
): Promise<Child> {
  return startWatched(context, { ...java, file: "java" }, port, fail);
}

async function startWatched(
  context: EmulatorContext,
  command: Omit<Command, "env" | "cwd">,
  port: number,
  fail: Fail,
): Promise<Child> {
  const child = context.children.start({ ...command, env: process.env, cwd: context.folder });
  void child.ended.then((how) => {
    const words = child.lastLines().slice(-5).join("\n");
    fail(new LocalCloudError(`The ${child.name} emulator ended unexpectedly (${how}):\n${words}`));
  });
  await whenListening(port, context.signal);
  return child;
}
