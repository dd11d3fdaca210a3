import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { matchesGlob } from "../glob.ts";

/** An emulator that comes as a Java archive. */
export interface JarEmulator {
  /** As `firebase setup:emulators:<name>` calls it. */
  name: "firestore" | "pubsub";
  /** Environment variable that names the archive itself. */
  variable: string;
  /** Below Firebase's cache folder; the newest version wins. */
  cachePattern: string;
  /** Below the `platform` folder of the gcloud SDK. */
  sdkPattern: string;
}

export const FIRESTORE_JAR: JarEmulator = {
  name: "firestore",
  variable: "FIRESTORE_EMULATOR_JAR",
  cachePattern: "cloud-firestore-emulator-v*.jar",
  sdkPattern: "cloud-firestore-emulator/cloud-firestore-emulator.jar",
};

export const PUBSUB_JAR: JarEmulator = {
  name: "pubsub",
  variable: "PUBSUB_EMULATOR_JAR",
  cachePattern: "pubsub-emulator-*/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar",
  sdkPattern: "pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar",
};

/** Folders to search; the default is those of this machine. */
export interface SearchPlaces {
  cacheRoot: string;
  sdkRoots: string[];
}

/** The folders that may hold emulators: Firebase's cache, and the usual places of a gcloud SDK. */
export function searchPlaces(env: NodeJS.ProcessEnv): SearchPlaces {
  const home = homedir();
  const usualRoots = [
    join(home, "google-cloud-sdk"),
    "/usr/lib/google-cloud-sdk",
    "/usr/share/google-cloud-sdk",
    "/opt/google-cloud-sdk",
    "/opt/homebrew/share/google-cloud-sdk",
    "/usr/local/share/google-cloud-sdk",
    "/snap/google-cloud-cli/current",
  ];
  const roots = [env.CLOUDSDK_ROOT_DIR, sdkRootFromPath(env), ...usualRoots];
  return {
    cacheRoot: env.FIREBASE_EMULATORS_PATH ?? join(home, ".cache", "firebase", "emulators"),
    sdkRoots: roots.filter((root) => root !== undefined),
  };
}

function sdkRootFromPath(env: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    const gcloud = join(folder, "gcloud");
    if (folder !== "" && existsSync(gcloud)) return dirname(dirname(realpathSync(gcloud)));
  }
  return undefined;
}

/**
 * The archive of an emulator, or undefined when it is nowhere. Of several versions in one place the newest is taken.
 */
export function findJar(emulator: JarEmulator, env: NodeJS.ProcessEnv, places: SearchPlaces): string | undefined {
  const named = env[emulator.variable];
  if (named !== undefined && named !== "") return existsSync(named) ? resolve(named) : undefined;
  const folders = [
    { root: places.cacheRoot, pattern: emulator.cachePattern },
    ...places.sdkRoots.map((root) => ({ root: join(root, "platform"), pattern: emulator.sdkPattern })),
  ];
  for (const { root, pattern } of folders) {
    // The folder is no part of the pattern: its name may have brackets.
    const newest = filesLike(root, pattern.split("/")).toSorted(byVersion).at(-1);
    if (newest !== undefined) return resolve(root, newest);
  }
  return undefined;
}

/** Paths below `folder`, relative to it, whose parts fit the globs; none where the folder cannot be read. */
function filesLike(folder: string, [glob, ...globs]: string[]): string[] {
  if (glob === undefined) return [""];
  const names = namesIn(folder).filter((name) => matchesGlob(name, glob));
  return names.flatMap((name) => filesLike(join(folder, name), globs).map((rest) => join(name, rest)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // There is no such folder, or a file stands where a folder is looked for.
    return [];
  }
}

function byVersion(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}
