import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LogLine } from "../log.ts";
import { packageFile } from "../package-file.ts";
import { LocalCloudError } from "../problem.ts";
import { findJar, type JarEmulator, searchPlaces } from "./find-jar.ts";

const run = promisify(execFile);

/** Oldest Java the emulators run on. */
const MIN_JAVA = 17;

/** Throws a `LocalCloudError` when there is no Java that runs the emulators. */
export async function assertJava(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const advice =
    "Install one (Debian, Ubuntu: apt install openjdk-17-jre-headless; macOS: brew install openjdk@17) and put it on the PATH.";
  let output: string;
  try {
    // The settings are printed on stderr, in the same words by every vendor's Java.
    output = (await run("java", ["-XshowSettings:properties", "-version"], { env, signal })).stderr;
  } catch (cause) {
    signal.throwIfAborted();
    throw new LocalCloudError(
      `The Firestore and Pub/Sub emulators need Java ${MIN_JAVA} or newer, and there is no java.\n${advice}`,
      { cause },
    );
  }
  const version = majorVersion(output);
  if (version !== undefined && version < MIN_JAVA) {
    throw new LocalCloudError(
      `The Firestore and Pub/Sub emulators need Java ${MIN_JAVA} or newer; this is Java ${version}.\n${advice}`,
    );
  }
}

/** Reads 17 from `java.specification.version = 17`, and 8 from the old form `1.8`. */
export function majorVersion(settings: string): number | undefined {
  const match = /java\.specification\.version = (?:1\.)?(\d+)/.exec(settings);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/**
 * Finds an emulator's archive, or has the Firebase CLI download it; throws a `LocalCloudError` that says where it
 * looked.
 */
export async function obtainJar(
  emulator: JarEmulator,
  env: NodeJS.ProcessEnv,
  log: LogLine,
  signal: AbortSignal,
): Promise<string> {
  const places = searchPlaces(env);
  const found = findJar(emulator, env, places);
  if (found !== undefined) return found;
  const named = env[emulator.variable];
  if (named) throw new LocalCloudError(`${emulator.variable} names ${named}, which does not exist.`);
  log(emulator.name, `The ${emulator.name} emulator is not on this machine; downloading it with firebase-tools...`);
  const reason = await download(emulator, env, signal);
  signal.throwIfAborted();
  const downloaded = findJar(emulator, env, places);
  if (downloaded !== undefined) return downloaded;
  throw new LocalCloudError(
    [
      `The ${emulator.name} emulator is missing. Looked for it in:`,
      `  ${emulator.variable} (not set)`,
      `  ${places.cacheRoot}`,
      ...places.sdkRoots.map((root) => `  ${join(root, "platform")}`),
      `and \`firebase setup:emulators:${emulator.name}\` could not download it: ${reason}`,
      "Install it with the gcloud SDK (gcloud components install " +
        `${emulator.name === "firestore" ? "cloud-firestore-emulator" : "pubsub-emulator"}), or set ${emulator.variable} to its jar file.`,
    ].join("\n"),
  );
}

const DOWNLOAD_TIMEOUT_MS = 300_000;

/** Why the download failed; the empty string when it did not. */
async function download(emulator: JarEmulator, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  const cli = packageFile("firebase-tools", "lib/bin/firebase.js");
  try {
    await run(process.execPath, [cli, `setup:emulators:${emulator.name}`], {
      env,
      timeout: DOWNLOAD_TIMEOUT_MS,
      signal,
    });
    return "";
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n");
    return lines.at(-1) ?? "";
  }
}
