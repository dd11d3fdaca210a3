import type { FunctionSpec } from "../manifest/manifest.ts";
import type { FunctionProcess, FunctionVersion } from "./function-process.ts";
import { assertDistinctNames, type LoadedCodebase } from "./load-codebase.ts";

/** All functions of a cloud. */
export interface Fleet {
  /** Those that there are now. The same array for the life of the fleet. */
  readonly functions: FunctionProcess[];
  readonly loaded: readonly LoadedCodebase[];
  /** Takes the functions of the codebases; each starts with its first request, or by `start` or `warm`. */
  add(loaded: readonly LoadedCodebase[]): void;
  /** Starts every function, and resolves when all answer. Throws when one does not. */
  start(signal: AbortSignal): Promise<void>;
  /**
   * Puts another version of one codebase in place, function by function. Resolves when the old processes are gone; the
   * new ones start with their first request, or by `warm`.
   */
  reload(loaded: LoadedCodebase): Reloading;
  /** Starts what a reload left out, one function after the other, so that each has the machine for itself. */
  warm(): Promise<void>;
}

/** A reload under way: requests go to the new version already. */
export interface Reloading {
  /** Resolves when the last old process is gone. */
  ended: Promise<void>;
}

/** The parts of a cloud that a fleet needs. */
export interface FleetOptions {
  /** The environment of a function; depends on its codebase and on which secrets exist. */
  environmentOf(spec: FunctionSpec, codebase: LoadedCodebase, secretNames: ReadonlySet<string>): NodeJS.ProcessEnv;
  create(version: FunctionVersion): FunctionProcess;
}

/** Creates a fleet without functions. */
export function createFleet(options: FleetOptions): Fleet {
  const functions: FunctionProcess[] = [];
  let all: readonly LoadedCodebase[] = [];

  const versionsOf = (loaded: LoadedCodebase): FunctionVersion[] => {
    const secretNames = new Set(all.flatMap(({ specs }) => specs).flatMap(({ secrets }) => secrets));
    // A function that nothing here calls needs no process.
    const called = loaded.specs.filter(({ trigger }) => trigger.kind !== "unsupported");
    return called.map((spec) => ({
      spec,
      env: options.environmentOf(spec, loaded, secretNames),
      node: loaded.node,
    }));
  };
  return {
    functions,
    get loaded() {
      return all;
    },
    add(loaded) {
      assertDistinctNames(loaded);
      all = loaded;
      functions.push(...loaded.flatMap(versionsOf).map(options.create));
    },
    async start(signal) {
      await Promise.all(functions.map((each) => each.start(signal)));
    },
    reload(loaded) {
      const next = all.map((each) => (each.codebase.name === loaded.codebase.name ? loaded : each));
      assertDistinctNames(next);
      const before = all.find(({ codebase }) => codebase.name === loaded.codebase.name)?.specs ?? [];
      all = next;
      const versions = versionsOf(loaded);
      const ends = versions.map((version) => place(version, functions, options));
      const gone = before.filter(({ name }) => !versions.some(({ spec }) => spec.name === name));
      ends.push(...gone.map(({ name }) => remove(name, functions)));
      return { ended: Promise.all(ends).then(() => {}) };
    },
    async warm() {
      for (const each of [...functions]) await each.warm();
    },
  };
}

async function place(version: FunctionVersion, functions: FunctionProcess[], options: FleetOptions): Promise<void> {
  const running = functions.find(({ spec }) => spec.name === version.spec.name);
  if (running === undefined) functions.push(options.create(version));
  else await running.reload(version);
}

async function remove(name: string, functions: FunctionProcess[]): Promise<void> {
  const index = functions.findIndex(({ spec }) => spec.name === name);
  const [removed] = index === -1 ? [] : functions.splice(index, 1);
  await removed?.stop();
}
