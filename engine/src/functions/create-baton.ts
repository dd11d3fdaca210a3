import "./source-stacks.ts";
import type { JobType } from "../job-types/define-job.ts";
import { byName } from "../job-types/job-registry.ts";
import { type QueueOptions, queuesOf } from "../job-types/queue.ts";
import type { TierSettings } from "./config.ts";
import { declarations } from "./declare-functions.ts";
import { type Deployment, deploymentOf } from "./deployment.ts";
import type { FunctionName } from "./function-names.ts";
import { regionParameter } from "./triggers.ts";

/** The options of a deployment. */
export interface BatonOptions {
  /** Every job type of the deployment. */
  jobs: readonly JobType[];
  /** Queues besides `default`, and other machines for `default`: memory, CPU, concurrency and instances of each. */
  queues?: Readonly<Record<string, QueueOptions>>;
  /** Limits of owners by tier, over the built-in ones of `free` and `pro`. The setting `TIERS` goes over these. */
  tiers?: TierSettings;
  /** Region of every function. Absent: the parameter `BATON_REGION`, which the Firebase CLI asks for once. */
  region?: string;
  /** Most instances of a function, in place of its default. That of a worker is set with its queue. */
  maxInstances?: Readonly<Partial<Record<Exclude<FunctionName, "worker">, number>>>;
  /** The service account of each function, e-mail in full. Absent: the project's default one. */
  serviceAccount?: (name: FunctionName) => string;
}

/** Baton's functions, to be exported as one group: `export const baton = createBaton({ jobs })` deploys `baton-api`, `baton-worker`, ... */
export type BatonFunctions = Readonly<Record<string, object>>;

/**
 * Makes the functions of a deployment. Throws when a job type, a queue or a setting cannot work, so that the Firebase
 * CLI refuses to deploy it and a function does not start with it.
 *
 * In the process of a function only that function is made. In a compute process of a worker none is: there this serves
 * the job types' compute functions.
 */
export function createBaton(options: BatonOptions): BatonFunctions {
  const { env } = process;
  const types = byName(options.jobs);
  const queues = queuesOf(options.queues ?? {});
  demandQueues(types, Object.keys(queues));
  const { region, tiers } = options;
  const defaults = { ...(region !== undefined && { region }), ...(tiers && { tiers }) };
  const deployment = deploymentOf(types, queues, defaults, env);
  if (env.BATON_PROCESS === "compute") {
    void import("../jobs/run/compute/serve-calls.ts").then(({ serveCalls }) => serveCalls(types));
    return {};
  }
  demandSettings(deployment, region);
  const all = declarations(deployment, {
    region: region ?? regionParameter(),
    of: (name) => ({
      ...(name !== "worker" &&
        options.maxInstances?.[name] !== undefined && { maxInstances: options.maxInstances[name] }),
      ...(options.serviceAccount && { serviceAccount: options.serviceAccount(name) }),
    }),
  });
  const here = Object.entries(all).filter(([name]) => runsHere(name, env.FUNCTION_TARGET));
  return asGroup(here.map(([name, declare]) => [name, declare()]));
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

/** Says whether this process runs the function, by the platform's `FUNCTION_TARGET`; true where no function runs. */
function runsHere(name: string, target: string | undefined): boolean {
  return target === undefined || `.${target}`.endsWith(`.${name.replaceAll("-", ".")}`);
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
  const { GCLOUD_PROJECT, FUNCTION_TARGET, BATON_REGION, PUBLIC_API_URL } = process.env;
  if (GCLOUD_PROJECT !== undefined) deployment.config();
  if (FUNCTION_TARGET !== undefined && (region ?? BATON_REGION ?? PUBLIC_API_URL) === undefined) {
    throw new Error("The setting BATON_REGION is missing. It names the region of Baton's functions.");
  }
  const queue = /\.worker(?:\.(\w+))?$/.exec(FUNCTION_TARGET ?? "");
  if (!queue) return;
  for (const type of deployment.types.values()) {
    if (type.queue === (queue[1] ?? "default")) deployment.settingsOf(type);
  }
}
