import { mkdtemp, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secretBox } from "../functions/src/gcp/secret-box.ts";
import { type Addresses, addressesOf } from "./addresses.ts";
import { type Bridge, type BridgeStats, startBridge } from "./bridge/bridge.ts";
import { buildConsole, buildFunctions, CONSOLE_FOLDER, deployedCodebases, REPOSITORY } from "./builds.ts";
import { type Chaos, createChaos } from "./chaos/chaos.ts";
import type { FaultCounts } from "./chaos/fault-counts.ts";
import type { ChaosOptions } from "./chaos/options.ts";
import { type Children, createChildren } from "./children.ts";
import { consoleHandler } from "./console-server.ts";
import type { Emulator } from "./emulators/emulator.ts";
import { FIRESTORE_JAR, PUBSUB_JAR } from "./emulators/find-jar.ts";
import { assertJava, obtainJar } from "./emulators/java.ts";
import { type EmulatorContext, startAuth, startFirestore, startPubsub } from "./emulators/start-emulators.ts";
import { functionEnvironment } from "./functions/environment.ts";
import { type FunctionProcess, startFunctionProcess } from "./functions/function-process.ts";
import { httpDoor } from "./functions/http-door.ts";
import { listen } from "./http.ts";
import { firestoreEndpointKeys } from "./inbox/endpoint-keys.ts";
import { inboxHandler } from "./inbox/handler.ts";
import type { LogLine } from "./log.ts";
import { type FunctionSpec, readManifest } from "./manifest.ts";
import type { Guard } from "./options.ts";
import { assertFree, freePorts, HOST, type Ports } from "./ports.ts";
import { LocalCloudError } from "./problem.ts";
import { createScope, type Scope } from "./scope.ts";
import { LOCAL_PROJECT_ID, LOCAL_WEBHOOK_ENCRYPTION_KEYS, LOCAL_WEBHOOK_MASTER_SECRET } from "./secrets.ts";

export type { Addresses } from "./addresses.ts";

export interface LocalCloudOptions {
  /** Fixed ports, or `auto` for free ones. */
  ports: Ports | "auto";
  /** Folders of built functions; default: those of `firebase.json`, built first when stale. */
  codebases?: string[];
  /** Further environment variables of every function, e.g. `YOUTUBE_API_BASE_URL`, `LEASE_MS`. */
  env?: Record<string, string>;
  /** Values for secrets the functions declare; `WEBHOOK_MASTER_SECRET` and `WEBHOOK_ENCRYPTION_KEYS` have one already. */
  secrets?: Record<string, string>;
  /** Pause after an event's first failure, doubled after each further one; default 500 (production: 10,000). */
  retryMinMs?: number;
  /** Longest pause; default 60,000 (production: 600,000). */
  retryMaxMs?: number;
  /** Failed deliveries after which a job's message becomes a dead letter; default 100, Pub/Sub's own maximum. */
  maxDeliveryAttempts?: number;
  /** Most events one function runs at a time, below what its manifest allows; default 100. */
  maxConcurrency?: number;
  /** How long a minute of a schedule takes; default 60,000, as on the clock. */
  scheduledMinuteMs?: number;
  /** Where webhooks may go; default `local`: also to this machine, over http. */
  guard?: Guard;
  /** False leaves the Auth emulator out, which takes the longest to start. */
  auth?: boolean;
  /** False leaves the console out. */
  console?: boolean;
  /** Faults the cloud does to itself once it is up; default: none. */
  chaos?: ChaosOptions;
  /** Receives every line the parts print; default: nobody. */
  log?: LogLine;
  /** Aborting it stops the start-up, or the running cloud. */
  signal?: AbortSignal;
}

/** A running local cloud. */
export interface LocalCloud {
  addresses: Addresses;
  /** Rejects when an emulator ends while the cloud runs; never settles otherwise. */
  failed: Promise<never>;
  /** Stops every process and resolves when the last one is gone. Idempotent. */
  stop(): Promise<void>;
  /** What the bridge counted, by function. */
  stats(): Record<string, BridgeStats>;
  /** Process id of a function; undefined while it restarts. */
  functionPid(name: string): number | undefined;
  /** Kills a function's process, which is then replaced. */
  killFunction(name: string, signal: NodeJS.Signals): void;
  /** Process ids of everything that runs for this cloud. */
  childPids(): number[];
  /** Ends the faults for good, and resolves when emulators and functions all answer; rejects when they do not within a minute. */
  calm(): Promise<void>;
  /** How often each fault was done. */
  faults(): FaultCounts;
}

/** What the parts of one cloud share while it starts. */
interface Start {
  options: LocalCloudOptions;
  ports: Ports;
  log: LogLine;
  scope: Scope;
  children: Children;
  /** Aborts when the start, or the cloud, is over. */
  signal: AbortSignal;
  /** Aborted with the reason when a part fails. */
  failing: AbortController;
  folder: string;
  chaos: Chaos;
}

/**
 * Starts emulators, functions, bridge, inbox and console, and resolves when all answer. When a part fails to start, everything
 * started so far is stopped first and the promise rejects, with a `LocalCloudError` if a person can do something about it.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const scope = createScope();
  const failing = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failing.signal]) : failing.signal;
  try {
    signal.throwIfAborted();
    const start = await prepare(options, scope, failing, signal);
    const cloud = startParts(start);
    // The parts that still start when one failed stop by the signal; their own errors say nothing new.
    cloud.catch(() => {});
    return await Promise.race([cloud, whenAborted(signal)]);
  } catch (error) {
    failing.abort(error);
    await scope.close();
    throw error;
  }
}

async function prepare(
  options: LocalCloudOptions,
  scope: Scope,
  failing: AbortController,
  signal: AbortSignal,
): Promise<Start> {
  const log = options.log ?? (() => {});
  if (options.ports !== "auto") await assertFree(options.ports);
  const ports = options.ports === "auto" ? await freePorts() : options.ports;
  const folder = await mkdtemp(join(tmpdir(), "baton-cloud-"));
  await scope.add(() => rm(folder, { recursive: true, force: true }));
  const children = createChildren(log);
  await scope.add(() => children.stopAll());
  const chaos = createChaos(options.chaos ?? {}, (line) => log("chaos", line));
  return { options, ports, log, scope, children, signal, failing, folder, chaos };
}

async function startParts(start: Start): Promise<LocalCloud> {
  let bridge: Bridge | undefined;
  let api: FunctionProcess | undefined;
  const eventsPort = await startEventDoor(start, () => bridge);
  // A function starts without the emulators: it meets them at its first request.
  const [functions, emulators] = await Promise.all([
    readFunctions(start).then((specs) => Promise.all(specs.map((spec) => startFunction(start, spec)))),
    startEmulators(start, eventsPort),
    startServers(start, () => api),
  ]);
  api = functions.find(({ spec }) => spec.name === "api");
  bridge = await startBridge({ functions, ...bridgeSettings(start) });
  await start.scope.add(() => bridge?.stop());
  const { firestoreHost, pubsubHost } = addressesOf(start.ports);
  const hosts = [firestoreHost, pubsubHost];
  start.chaos.begin({ functions, ...emulators, hosts, bridge, fail: (error) => start.failing.abort(error) });
  await start.scope.add(() => start.chaos.stop());

  const failed = whenAborted(start.failing.signal);
  failed.catch(() => {});
  const byName = (name: string) => functions.find(({ spec }) => spec.name === name);
  return {
    addresses: addressesOf(start.ports),
    failed,
    stop: () => start.scope.close(),
    stats: () => bridge?.stats() ?? {},
    functionPid: (name) => byName(name)?.pid(),
    killFunction: (name, signal) => void byName(name)?.kill(signal),
    childPids: () => start.children.alive(),
    calm: () => start.chaos.calm(),
    faults: () => start.chaos.faults(),
  };
}

async function startEventDoor(start: Start, bridge: () => Bridge | undefined): Promise<number> {
  const handler: RequestListener = (req, res) => {
    const running = bridge();
    // Triggers are registered last, so nothing that matters can come before.
    if (running === undefined) res.writeHead(503).end();
    else running.handleFirestoreEvent(req, res);
  };
  const door = await listen(handler, 0, "event bridge");
  await start.scope.add(() => door.close());
  return door.port;
}

async function startEmulators(start: Start, eventsPort: number): Promise<{ firestore: Emulator; pubsub: Emulator }> {
  const { children, ports, log, signal, folder, options } = start;
  const fail = (error: unknown) => {
    if (!start.scope.isClosing) start.failing.abort(error);
  };
  const context: EmulatorContext = { children, projectId: LOCAL_PROJECT_ID, folder, signal, fail };
  await assertJava(process.env);
  const [firestoreJar, pubsubJar] = await Promise.all([
    obtainJar(FIRESTORE_JAR, process.env, log),
    obtainJar(PUBSUB_JAR, process.env, log),
  ]);
  const settings = { functionsHost: `${HOST}:${eventsPort}`, rules: join(REPOSITORY, "firestore.rules") };
  const [firestore, pubsub] = await Promise.all([
    startFirestore(context, firestoreJar, ports.firestore, settings),
    startPubsub(context, pubsubJar, ports.pubsub),
    options.auth === false ? undefined : startAuth(context, ports.auth),
  ]);
  return { firestore, pubsub };
}

async function readFunctions(start: Start): Promise<FunctionSpec[]> {
  const codebases = start.options.codebases ?? (await deployedCodebases());
  if (!start.options.codebases) await buildFunctions(codebases, start.log);
  const specs = (await Promise.all(codebases.map((folder) => readManifest(folder, LOCAL_PROJECT_ID)))).flat();
  for (const { name, trigger } of specs) {
    if (trigger.kind === "unsupported") start.log("bridge", `${name} is never called here: ${trigger.what}`);
  }
  return specs;
}

async function startServers(start: Start, api: () => FunctionProcess | undefined): Promise<void> {
  const { ports, scope, options, log } = start;
  const addresses = addressesOf(ports);
  const door = httpDoor(api);
  const servers = [
    listen(door, ports.api, "API"),
    listen(
      inboxHandler({
        masterSecret: LOCAL_WEBHOOK_MASTER_SECRET,
        endpointKeys: firestoreEndpointKeys(
          addresses.firestoreHost,
          addresses.projectId,
          secretBox(LOCAL_WEBHOOK_ENCRYPTION_KEYS),
        ),
      }),
      ports.inbox,
      "webhook inbox",
    ),
  ];
  if (options.console !== false) {
    await buildConsole(log);
    servers.push(listen(consoleHandler(CONSOLE_FOLDER, addresses, door), ports.console, "console"));
  }
  for (const server of await Promise.all(servers)) await scope.add(() => server.close());
}

/** The part of the time between two of its runs that the sweep looks ahead, as in production. */
const LOOK_AHEAD = 5 / 6;

function startFunction(start: Start, spec: FunctionSpec): Promise<FunctionProcess> {
  const { children, log, ports, options, signal } = start;
  const variables = {
    ...(options.guard === "strict" ? {} : { WEBHOOK_ALLOW_LOOPBACK: "true" }),
    LEASE_MS: "10000",
    // The emulator has no TTL policies.
    DELETE_EXPIRED: "true",
    SWEEP_LOOK_AHEAD_MS: String(Math.round(Math.min(options.scheduledMinuteMs ?? 60_000, 60_000) * LOOK_AHEAD)),
    PUBLIC_API_URL: addressesOf(ports).apiUrl,
    ...options.env,
  };
  const secrets = {
    WEBHOOK_MASTER_SECRET: LOCAL_WEBHOOK_MASTER_SECRET,
    WEBHOOK_ENCRYPTION_KEYS: LOCAL_WEBHOOK_ENCRYPTION_KEYS,
    ...options.secrets,
  };
  const env = functionEnvironment(spec, { projectId: LOCAL_PROJECT_ID, ports, secrets, variables }, process.env);
  return startFunctionProcess({ spec, env, children, log: (line) => log("bridge", `${spec.name}: ${line}`) }, signal);
}

function bridgeSettings(start: Start) {
  const { options, ports, log } = start;
  const { firestoreHost, pubsubHost, projectId } = addressesOf(ports);
  return {
    projectId,
    firestoreHost,
    pubsubHost,
    retryMinMs: options.retryMinMs ?? 500,
    retryMaxMs: options.retryMaxMs ?? 60_000,
    maxDeliveryAttempts: options.maxDeliveryAttempts ?? 100,
    maxConcurrency: options.maxConcurrency ?? 100,
    scheduledMinuteMs: options.scheduledMinuteMs ?? 60_000,
    faultsOf: (spec: FunctionSpec) => start.chaos.faultsOf(spec),
    log: (line: string) => log("bridge", line),
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () =>
      reject(signal.reason instanceof Error ? signal.reason : new LocalCloudError("The start was interrupted."));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
