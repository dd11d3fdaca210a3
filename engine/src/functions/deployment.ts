import type { JobType } from "../job-types/define-job.ts";
import type { Queues } from "../job-types/queue.ts";
import { type Environment, readSettings } from "../kit/settings.ts";
import { type Config, type ConfigDefaults, readConfig } from "./config.ts";
import { namePrefixOf } from "./name-prefix.ts";

/** A team's deployment: the options of `createBaton`, checked. */
export interface Deployment {
  types: ReadonlyMap<string, JobType>;
  queues: Queues;
  /** Begins the names of its functions and topics; empty but in a function kit. */
  namePrefix: string;
  /** Reads and checks the settings at the first call. */
  config(): Config;
  /** Reads the settings of a job type by its `settings` schema; undefined when it declares none. */
  settingsOf(type: JobType): unknown;
}

/** Creates the deployment of these job types. Reads nothing of `environment` yet. */
export function deploymentOf(
  types: ReadonlyMap<string, JobType>,
  queues: Queues,
  defaults: ConfigDefaults,
  environment: Environment,
): Deployment {
  const settings = new Map<JobType, unknown>();
  return {
    types,
    queues,
    namePrefix: namePrefixOf(environment),
    config: once(() => readConfig(environment, defaults)),
    settingsOf(type) {
      if (type.settings === undefined) return undefined;
      if (!settings.has(type)) settings.set(type, readSettings(type.settings, environment, `job type "${type.type}"`));
      return settings.get(type);
    },
  };
}

/** Builds at the first call, and answers the same from then on. */
/* @__NO_SIDE_EFFECTS__ */
export function once<T>(build: () => T): () => T {
  let built: { value: T } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}
