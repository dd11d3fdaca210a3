import type { JobType } from "../job-types/define-job.ts";
import { byName } from "../job-types/job-registry.ts";
import { queuesOf } from "../job-types/queue.ts";
import { type Setting, settingValue } from "../job-types/setting.ts";
import type { Environment } from "../kit/settings.ts";
import type { BatonOptions } from "./baton-options.ts";
import { demandOptions } from "./check-options.ts";
import { type ConfigDefaults, regionOf } from "./config.ts";
import { declarations } from "./declare-functions.ts";
import { type Deployment, deploymentOf } from "./deployment.ts";
import { FUNCTION_NAMES } from "./function-names.ts";
import { functionSettings } from "./function-settings.ts";
import { isRunning } from "./sdk.ts";
import { nameSources } from "./source-stacks.ts";

/** Baton's functions, to be exported as one group: `export const baton = createBaton({ jobs })` deploys `baton-api`, `baton-worker`, ... */
export type BatonFunctions = Readonly<Record<string, object>>;

/**
 * Makes the functions of a deployment. Throws when a job type, an option or a setting cannot work, so that the Firebase
 * CLI refuses to deploy it and a function does not start with it.
 *
 * In the process of a function only that function is made. In a compute process of a worker none is: there this serves
 * the job types' compute functions.
 */
export function createBaton(options: BatonOptions): BatonFunctions {
  const { env } = process;
  if (runsBaton(env)) nameSources();
  demandOptions(options);
  const types = byName(options.jobs);
  const queues = queuesOf(options.queues ?? {});
  demandQueues(types, Object.keys(queues));
  const defaults = defaultsOf(options);
  const deployment = deploymentOf(types, queues, defaults, { ...settingsOf(options), ...env });
  if (env.BATON_PROCESS === "compute") {
    void import("../jobs/run/compute/serve-calls.ts").then(({ serveCalls }) => serveCalls(types));
    return {};
  }
  demandSettings(deployment, defaults.region);
  const all = declarations(deployment, functionSettings(options));
  const here = Object.entries(all).filter(([name]) => runsHere(name, env.FUNCTION_TARGET));
  return asGroup(here.map(([name, declare]) => [name, declare()]));
}

/** Gives what the code decides alone, and what it decides where the environment says nothing. */
function defaultsOf({ region, database, tiers }: BatonOptions): ConfigDefaults {
  const [regionHere, databaseHere] = [valueHere(region), valueHere(database)];
  return {
    ...(regionHere !== undefined && { region: regionHere }),
    ...(databaseHere !== undefined && { database: databaseHere }),
    ...(tiers && { tiers }),
  };
}

/** Gives the options that are settings by another name, as the environment would have them. */
function settingsOf({ webhooks, mailCollection, filesBucket, eventTypes }: BatonOptions): Environment {
  return {
    ...(webhooks?.ownHosts && { WEBHOOK_OWN_HOSTS: webhooks.ownHosts.join(",") }),
    MAIL_COLLECTION: valueHere(mailCollection),
    FILES_BUCKET: valueHere(filesBucket),
    ...(eventTypes && { EVENT_TYPES: eventTypes.join(",") }),
  };
}

function valueHere(setting: Setting<string> | undefined): string | undefined {
  return setting === undefined ? undefined : settingValue(setting, isRunning());
}

/**
 * Groups functions. The Firebase CLI takes the name of an export for that of its function, and the platform looks
 * for `worker-heavy` at `worker.heavy`.
 */
function asGroup(functions: readonly (readonly [name: string, made: object])[]): BatonFunctions {
  const group: Record<string, object> = {};
  for (const [name, made] of functions) {
    group[name] = made;
    const [first = name, ...rest] = name.split("-");
    if (rest.length === 0) continue;
    const parent = group[first] ?? {};
    Object.defineProperty(parent, rest.join("-"), { value: made });
    if (!(first in group)) Object.defineProperty(group, first, { value: parent });
  }
  return group;
}

/** True in a process that runs one of Baton's functions, or their compute functions: the app's own are left as they are. */
function runsBaton({ BATON_PROCESS, FUNCTION_TARGET }: Environment): boolean {
  if (BATON_PROCESS === "compute") return true;
  return FUNCTION_TARGET !== undefined && FUNCTION_NAMES.some((name) => FUNCTION_TARGET.includes(`.${name}`));
}

/**
 * Says whether this process runs the function, by the platform's `FUNCTION_TARGET`; true where no function runs. Baton's
 * functions are in a group: a function `worker` of the app is another one.
 */
function runsHere(name: string, target: string | undefined): boolean {
  return target === undefined || target.endsWith(`.${name.replaceAll("-", ".")}`);
}

function demandQueues(types: ReadonlyMap<string, JobType>, queues: readonly string[]): void {
  for (const { type, queue } of types.values()) {
    if (queues.includes(queue)) continue;
    const known = queues.map((name) => `"${name}"`).join(", ");
    throw new Error(
      `job type "${type}": there is no queue "${queue}". There are: ${known}. Add it to createBaton's queues.`,
    );
  }
}

/**
 * Reads the settings at once where the project is known: in a function that starts, and when the Firebase CLI looks at the
 * code before a deployment. The CLI gives the code no settings of job types.
 */
function demandSettings(deployment: Deployment, region: string | undefined): void {
  const { GCLOUD_PROJECT, FUNCTION_TARGET, PUBLIC_API_URL } = process.env;
  if (GCLOUD_PROJECT !== undefined) deployment.config();
  if (FUNCTION_TARGET !== undefined && PUBLIC_API_URL === undefined && regionOf(process.env, region) === "") {
    throw new Error("The setting BATON_REGION is missing. It names the region of Baton's functions.");
  }
  const queue = /\.worker(?:\.(\w+))?$/.exec(FUNCTION_TARGET ?? "");
  if (!queue) return;
  for (const type of deployment.types.values()) {
    if (type.queue === (queue[1] ?? "default")) deployment.settingsOf(type);
  }
}
