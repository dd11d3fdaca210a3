import { existsSync } from "node:fs";
import { join } from "node:path";
import { addressesOf } from "./addresses.ts";
import type { Start } from "./cloud-parts.ts";
import { functionEnvironment } from "./functions/environment.ts";
import { createFleet, type Fleet } from "./functions/fleet.ts";
import { THIS_NODE } from "./functions/framework-command.ts";
import { createFunctionProcess } from "./functions/function-process.ts";
import { type LoadedCodebase, loadCodebase } from "./functions/load-codebase.ts";
import type { FunctionSpec } from "./manifest/manifest.ts";
import { LocalCloudError } from "./problem.ts";
import { assertSource, type Codebase } from "./project/project.ts";
import { buildMissing } from "./reload/build-plan.ts";
import { bucketOf, LOCAL_WEBHOOK_ENCRYPTION_KEYS, LOCAL_WEBHOOK_MASTER_SECRET } from "./secrets.ts";

/** Reads the functions that the codebases deploy, once they are built. */
export async function loadAll(start: Start): Promise<LoadedCodebase[]> {
  const { project, prepareFunctions } = start.options;
  await prepareFunctions?.(start.log, start.signal);
  for (const note of project.notes) start.log("bridge", note);
  const loaded = await Promise.all(project.codebases.map((codebase) => loadFirst(start, codebase)));
  for (const each of loaded) reportNotes(start, each);
  return loaded;
}

/** A codebase that does not load is no reason to stop where its next save loads it again: it has no functions yet. */
async function loadFirst(start: Start, codebase: Codebase): Promise<LoadedCodebase> {
  try {
    if (start.options.reload === true) await buildMissing(start, codebase);
    assertSource(codebase);
    return await load(start, codebase);
  } catch (error) {
    const canFollow = start.options.reload === true && existsSync(codebase.source);
    if (!canFollow || !(error instanceof LocalCloudError)) throw error;
    for (const line of error.message.split("\n")) start.log("reload", line);
    start.log("reload", `${codebase.name}: it has no functions until this is repaired and saved`);
    return { codebase, specs: [], variables: {}, secrets: {}, node: THIS_NODE, notes: [] };
  }
}

/** Reads one codebase, with the variables of this cloud's options. */
export function load(start: Start, codebase: Codebase): Promise<LoadedCodebase> {
  const { options, signal } = start;
  return loadCodebase(options.project, codebase, { ...cacheVariable(start), ...options.env }, signal);
}

/**
 * Lets Node keep compiled code from one load to the next, which halves the time of a reload. Production has no such
 * cache, so a cloud that does not reload has none either.
 */
function cacheVariable({ options, folder }: Start): Record<string, string> {
  return options.reload === true ? { NODE_COMPILE_CACHE: join(folder, "compiled") } : {};
}

/** Says in one line each what of a codebase is not as in production. */
export function reportNotes({ log }: Pick<Start, "log">, { specs, notes }: LoadedCodebase): void {
  for (const note of notes) log("bridge", note);
  for (const { name, trigger } of specs) {
    if (trigger.kind === "unsupported") log("bridge", `${name} is never called here: ${trigger.what}`);
  }
}

/** The part of the time between two of its runs that the sweep looks ahead, as in production. */
const LOOK_AHEAD = 5 / 6;

/** The functions of this cloud, none of which runs yet. Each gets a process of its own. */
export function openFleet(start: Start): Fleet {
  const { children, log, folder } = start;
  return createFleet({
    environmentOf: (spec, codebase, secretNames) => environmentOf(start, spec, codebase, secretNames),
    create: (version) =>
      createFunctionProcess({
        ...version,
        children,
        folder,
        log: (line) => log("bridge", `${version.spec.name}: ${line}`),
      }),
  });
}

/** Production's environment, less what only a cloud has. */
function environmentOf(
  start: Start,
  spec: FunctionSpec,
  codebase: LoadedCodebase,
  secretNames: ReadonlySet<string>,
): NodeJS.ProcessEnv {
  const { ports, options } = start;
  const { projectId } = options.project;
  const { apiUrl, storageUrl } = addressesOf(ports, projectId);
  const variables = {
    ...webhookVariables(start),
    LEASE_MS: "10000",
    // The emulator has no TTL policies.
    DELETE_EXPIRED: "true",
    SWEEP_LOOK_AHEAD_MS: String(Math.round(Math.min(options.scheduledMinuteMs ?? 60_000, 60_000) * LOOK_AHEAD)),
    PUBLIC_API_URL: apiUrl,
    FILES_BUCKET: bucketOf(projectId),
    STORAGE_EMULATOR_HOST: storageUrl,
    ...codebase.variables,
    ...cacheVariable(start),
    ...options.env,
  };
  const secrets = {
    WEBHOOK_MASTER_SECRET: LOCAL_WEBHOOK_MASTER_SECRET,
    WEBHOOK_ENCRYPTION_KEYS: LOCAL_WEBHOOK_ENCRYPTION_KEYS,
    ...codebase.secrets,
    // Of these a function gets those that it declares as its secrets.
    ...options.env,
    ...options.secrets,
  };
  const settings = { projectId, hosts: functionHosts(start), secrets, secretNames, variables };
  return functionEnvironment(spec, settings, process.env);
}

/** The variables that name the ports of this machine that webhooks may go to: the inbox's, and those of the options. */
function webhookVariables({ options, ports }: Start): Record<string, string> {
  const { guard, webhookPorts = [] } = options;
  if (guard === "strict") return {};
  if (webhookPorts === "any") return { WEBHOOK_ALLOW_LOOPBACK: "true" };
  return { WEBHOOK_ALLOW_LOOPBACK: "true", WEBHOOK_LOOPBACK_PORTS: [ports.inbox, ...webhookPorts].join(",") };
}

/** Functions call the emulators themselves, without the way through a door. */
function functionHosts({ hidden, ports, options }: Start) {
  const { firestore, pubsub } = hidden;
  const { authHost, tasksHost } = addressesOf(ports, options.project.projectId);
  return {
    firestore: `${firestore.host}:${firestore.port}`,
    pubsub: `${pubsub.host}:${pubsub.port}`,
    auth: authHost,
    tasks: tasksHost,
  };
}

const DAY_MS = 24 * 3_600_000;

/** The bridge's settings, with the local cloud's defaults. */
export function bridgeSettings(start: Start) {
  const { options, log } = start;
  const { firestore, pubsub } = functionHosts(start);
  return {
    projectId: options.project.projectId,
    firestoreHost: firestore,
    pubsubHost: pubsub,
    retryMinMs: options.retryMinMs ?? 500,
    retryMaxMs: options.retryMaxMs ?? 60_000,
    retentionMs: options.retentionMs ?? DAY_MS,
    ...(options.maxDeliveryAttempts !== undefined && { maxDeliveryAttempts: options.maxDeliveryAttempts }),
    maxConcurrency: options.maxConcurrency ?? 100,
    scheduledMinuteMs: options.scheduledMinuteMs ?? 60_000,
    faultsOf: (spec: FunctionSpec) => start.chaos.faultsOf(spec),
    ...(options.watchRequest && { watchRequest: options.watchRequest }),
    log: (line: string) => log("bridge", line),
  };
}
