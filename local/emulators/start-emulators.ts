import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Children } from "../children.ts";
import { HOST } from "../ports.ts";
import type { LocalCloudError } from "../problem.ts";
import { type Emulator, startEmulator } from "./emulator.ts";

/** What every emulator is started with. */
export interface EmulatorContext {
  children: Children;
  projectId: string;
  /** Where it keeps its own files; never the repository. */
  folder: string;
  /** Aborts the wait for it. */
  signal: AbortSignal;
  /** Told when an emulator ends, wanted or not; the cloud ignores it once it is stopping. */
  fail(error: LocalCloudError): void;
}

/** A Java emulator's program and arguments, without the options of Java itself. */
interface JavaProgram {
  name: string;
  args: string[];
}

/** Starts the Firestore emulator with the security rules of file `rules`; triggers are called at `functionsHost` (`host:port`). Resolves when it answers. */
export async function startFirestore(
  context: EmulatorContext,
  jar: string,
  port: number,
  options: { functionsHost: string; rules: string },
): Promise<Emulator> {
  const main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";
  const args = ["-cp", jar, main, "start", "--host", HOST, "--port", String(port)];
  args.push("--project_id", context.projectId, "--functions_emulator", options.functionsHost);
  // Without the file the emulator lets everybody do everything, as a codebase that is only tested locally may want.
  if (existsSync(options.rules)) args.push("--rules", options.rules);
  return startJava(context, { name: "firestore", args }, port);
}

/** Starts the Pub/Sub emulator. Resolves when it answers. */
export async function startPubsub(context: EmulatorContext, jar: string, port: number): Promise<Emulator> {
  return startJava(context, { name: "pubsub", args: ["-jar", jar, `--host=${HOST}`, `--port=${port}`] }, port);
}

/** Starts the Auth emulator of firebase-tools, without the rest of the suite. Resolves when it answers. */
export async function startAuth(context: EmulatorContext, port: number): Promise<Emulator> {
  const script = fileURLToPath(new URL("auth-server.ts", import.meta.url));
  return startWatched(context, "auth", process.execPath, [script, context.projectId, String(port)], port);
}

/**
 * Bounds the memory of each Java emulator; both stay far below it in a test run. And only the quick compiler: a cloud lives
 * for minutes, on the cores its functions need too. On two cores, `npm run bench` drained 75 jobs a second instead of 56.
 */
const JAVA_OPTIONS = ["-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** Both emulators log a dozen lines for every request they get; only warnings say something. */
const QUIET_LOGGING = "handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n";

async function startJava(context: EmulatorContext, program: JavaProgram, port: number): Promise<Emulator> {
  const logging = join(context.folder, `${program.name}-logging.properties`);
  await writeFile(logging, QUIET_LOGGING);
  const args = [...JAVA_OPTIONS, `-Djava.util.logging.config.file=${logging}`, ...program.args];
  return startWatched(context, program.name, "java", args, port);
}

function startWatched(
  context: EmulatorContext,
  name: string,
  file: string,
  args: string[],
  port: number,
): Promise<Emulator> {
  const { children, folder, signal, fail } = context;
  return startEmulator({ children, command: { name, file, args, env: process.env, cwd: folder }, port, signal, fail });
}
