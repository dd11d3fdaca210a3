import { createRequire } from "node:module";

/*
 * The parts of the Firebase CLI that its commands for kits and deployments are made of; the commands themselves want a
 * login before anything else. They come without declarations.
 */

/** A repository's `firebase.json`. */
export interface Config {
  projectDir: string;
  src: { functions?: unknown };
}

/** An instance of a kit: its settings become its `.env.<project>`. */
export interface Instance {
  config: Config;
  kitId: string;
  instanceId: string;
  seedEnv: { projectId: string; envs: Readonly<Record<string, string>> };
}

interface Kits {
  /** Writes the kit's folder from the CLI's template, and its first instance. */
  scaffoldKit(
    options: Instance & { packageName: string; templateType: "installation" },
  ): Promise<{ absSourcePath: string }>;
  addInstanceToKit(instance: Instance): Promise<unknown>;
  /** Has npm install the package, as a third party's with `--ignore-scripts`, and builds the kit's folder. */
  buildAndInstallKit(source: string, specifier: string, isThirdParty: boolean): Promise<void>;
}

/** A codebase as the CLI reads it from its code. */
export interface Build {
  params: unknown;
}

const require = createRequire(import.meta.url);

export const kits: Kits = require("firebase-tools/lib/functions/kits/install.js");

export const {
  Config: configs,
}: { Config: { load(options: object): Config } } = require("firebase-tools/lib/config.js");

/** Reads `functions` of `firebase.json`. */
export const {
  normalizeAndValidate,
}: { normalizeAndValidate(functions: unknown): unknown } = require("firebase-tools/lib/functions/projectConfig.js");

/** Reads every codebase, and every instance of a kit, as a deployment does: with its settings and its prefix. */
export const {
  loadCodebases,
}: {
  loadCodebases(
    functions: unknown,
    options: object,
    firebaseConfig: object,
    runtimeConfig: object,
  ): Promise<Record<string, Build>>;
} = require("firebase-tools/lib/deploy/functions/prepare.js");

/** Replaces parameters by their values. `isEmulator` leaves the secrets out, for which it would ask the cloud. */
export const {
  resolveBackend,
}: {
  resolveBackend(options: {
    build: Build;
    firebaseConfig: object;
    userEnvs: Readonly<Record<string, string>>;
    codebase: string;
    nonInteractive: true;
    isEmulator: true;
  }): Promise<{ backend: { endpoints: Record<string, Record<string, unknown>>; requiredRoles?: string[] } }>;
} = require("firebase-tools/lib/deploy/functions/build.js");
