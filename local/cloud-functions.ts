import { addressesOf } from "./addresses.ts";
import { buildFunctions, deployedCodebases } from "./builds.ts";
import type { Start } from "./cloud-parts.ts";
import { functionEnvironment } from "./functions/environment.ts";
import { type FunctionProcess, startFunctionProcess } from "./functions/function-process.ts";
import { type FunctionSpec, readManifest } from "./manifest.ts";
import {
  LOCAL_BUCKET,
  LOCAL_PROJECT_ID,
  LOCAL_WEBHOOK_ENCRYPTION_KEYS,
  LOCAL_WEBHOOK_MASTER_SECRET,
} from "./secrets.ts";

/** Reads the functions that the codebases deploy; builds them first when stale. */
export async function readFunctions(start: Start): Promise<FunctionSpec[]> {
  const codebases = start.options.codebases ?? (await deployedCodebases());
  if (!start.options.codebases) await buildFunctions(codebases, start.log, start.signal);
  const specs = (
    await Promise.all(codebases.map((folder) => readManifest(folder, LOCAL_PROJECT_ID, start.signal)))
  ).flat();
  for (const { name, trigger } of specs) {
    if (trigger.kind === "unsupported") start.log("bridge", `${name} is never called here: ${trigger.what}`);
  }
  return specs;
}

/** The part of the time between two of its runs that the sweep looks ahead, as in production. */
const LOOK_AHEAD = 5 / 6;

/** Starts a function in a process of its own, with production's environment less what only a cloud has. */
export function startFunction(start: Start, spec: FunctionSpec): Promise<FunctionProcess> {
  const { children, log, ports, options, signal, folder } = start;
  const variables = {
    ...webhookVariables(start),
    LEASE_MS: "10000",
    // The emulator has no TTL policies.
    DELETE_EXPIRED: "true",
    SWEEP_LOOK_AHEAD_MS: String(Math.round(Math.min(options.scheduledMinuteMs ?? 60_000, 60_000) * LOOK_AHEAD)),
    PUBLIC_API_URL: addressesOf(ports).apiUrl,
    FILES_BUCKET: LOCAL_BUCKET,
    STORAGE_EMULATOR_HOST: addressesOf(ports).storageUrl,
    ...options.env,
  };
  const secrets = {
    WEBHOOK_MASTER_SECRET: LOCAL_WEBHOOK_MASTER_SECRET,
    WEBHOOK_ENCRYPTION_KEYS: LOCAL_WEBHOOK_ENCRYPTION_KEYS,
    ...options.secrets,
  };
  const env = functionEnvironment(
    spec,
    { projectId: LOCAL_PROJECT_ID, hosts: functionHosts(start), secrets, variables },
    process.env,
  );
  const logLine = (line: string) => log("bridge", `${spec.name}: ${line}`);
  return startFunctionProcess({ spec, env, children, folder, log: logLine }, signal);
}

/** The variables that name the ports of this machine that webhooks may go to: the inbox's, and those of the options. */
function webhookVariables({ options, ports }: Start): Record<string, string> {
  const { guard, webhookPorts = [] } = options;
  if (guard === "strict") return {};
  if (webhookPorts === "any") return { WEBHOOK_ALLOW_LOOPBACK: "true" };
  return { WEBHOOK_ALLOW_LOOPBACK: "true", WEBHOOK_LOOPBACK_PORTS: [ports.inbox, ...webhookPorts].join(",") };
}

/** Functions call the emulators themselves, without the way through a door. */
function functionHosts({ hidden, ports }: Start) {
  const { firestore, pubsub } = hidden;
  return {
    firestore: `${firestore.host}:${firestore.port}`,
    pubsub: `${pubsub.host}:${pubsub.port}`,
    auth: addressesOf(ports).authHost,
  };
}

const DAY_MS = 24 * 3_600_000;

/** The bridge's settings, with the local cloud's defaults. */
export function bridgeSettings(start: Start) {
  const { options, log } = start;
  const { firestore, pubsub } = functionHosts(start);
  return {
    projectId: LOCAL_PROJECT_ID,
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
