import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Children } from "../children.ts";
import type { LocalAddress } from "../http.ts";
import { programBeside } from "../package-file.ts";
import type { LocalCloudError } from "../problem.ts";
import { type Emulator, startEmulator } from "./emulator.ts";

/** Shared by all emulators of one cloud. */
export interface EmulatorContext {
  children: Children;
  projectId: string;
  /** The folder of its own files; never the repository. */
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

/**
 * Starts the Firestore emulator with the security rules of file `rules`; triggers are called at `functionsHost`
 * (`host:port`). Resolves when it answers.
 */
export async function startFirestore(
  context: EmulatorContext,
  jar: string,
  address: { host: string; port: number },
  options: { functionsHost: string; rules: string | undefined },
): Promise<Emulator> {
  const main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";
  const args = ["-cp", jar, main, "start", "--host", address.host, "--port", String(address.port)];
  args.push("--project_id", context.projectId, "--functions_emulator", options.functionsHost);
  // Without the file the emulator allows every request, as a codebase that is only tested locally may want.
  if (options.rules !== undefined && existsSync(options.rules)) args.push("--rules", options.rules);
  return startJava(context, { name: "firestore", args }, address);
}

/** Starts the Pub/Sub emulator. Resolves when it answers. */
export async function startPubsub(
  context: EmulatorContext,
  jar: string,
  address: { host: string; port: number },
): Promise<Emulator> {
  const args = ["-jar", jar, `--host=${address.host}`, `--port=${address.port}`];
  return startJava(context, { name: "pubsub", args }, address);
}

/**
 * Starts the Auth emulator of firebase-tools, without the rest of the suite, at a socket in a folder. Resolves when it
 * answers.
 */
export async function startAuth(context: EmulatorContext, socketPath: string): Promise<Emulator> {
  const script = programBeside(import.meta.filename, "auth-server");
  return startWatched(context, "auth", process.execPath, [script, context.projectId, socketPath], { socketPath });
}

/**
 * Bounds the memory of each Java emulator; both stay far below it in a test run. Only the quick compiler is used: a cloud
 * lives for minutes, on the cores that its functions need too. On two cores, `npm run bench` drained 75 jobs a second
 * instead of 56.
 */
const JAVA_OPTIONS = ["-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** Both emulators log a dozen lines for every request, so only their warnings are printed. */
const QUIET_LOGGING = "handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n";

async function startJava(context: EmulatorContext, program: JavaProgram, address: LocalAddress): Promise<Emulator> {
  const logging = join(context.folder, `${program.name}-logging.properties`);
  await writeFile(logging, QUIET_LOGGING);
  const args = [...JAVA_OPTIONS, `-Djava.util.logging.config.file=${logging}`, ...program.args];
  return startWatched(context, program.name, "java", args, address);
}

/** Java reads file names by the locale: under LANG=C it finds no file whose path is not ASCII. */
function emulatorEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C.UTF-8" };
}

function startWatched(
  context: EmulatorContext,
  name: string,
  file: string,
  args: string[],
  address: LocalAddress,
): Promise<Emulator> {
  const { children, folder, signal, fail } = context;
  return startEmulator({
    children,
    command: { name, file, args, env: emulatorEnvironment(), cwd: folder },
    address,
    signal,
    fail,
  });
}
