import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { secretBox } from "../engine/src/webhooks/signing/secret-box.ts";
import { addressesOf } from "./addresses.ts";
import type { Bridge } from "./bridge/bridge.ts";
import { buildConsole, buildFunctions, CONSOLE_FOLDER, deployedCodebases, REPOSITORY } from "./builds.ts";
import type { Chaos } from "./chaos/chaos.ts";
import type { Children } from "./children.ts";
import type { LocalCloudOptions } from "./cloud-options.ts";
import { consoleHandler } from "./console-server.ts";
import { openEmulatorDoor } from "./doors/emulator-door.ts";
import type { DoorRules } from "./doors/judge-request.ts";
import type { Emulator } from "./emulators/emulator.ts";
import { FIRESTORE_JAR, PUBSUB_JAR } from "./emulators/find-jar.ts";
import { assertJava, obtainJar } from "./emulators/java.ts";
import { type EmulatorContext, startAuth, startFirestore, startPubsub } from "./emulators/start-emulators.ts";
import { functionEnvironment } from "./functions/environment.ts";
import { type FunctionProcess, startFunctionProcess } from "./functions/function-process.ts";
import { httpDoor } from "./functions/http-door.ts";
import { type DoorOptions, type Handler, type Listening, type LocalAddress, listen } from "./http.ts";
import { firestoreEndpointKeys } from "./inbox/endpoint-keys.ts";
import { inboxHandler } from "./inbox/handler.ts";
import { firestoreOwnerKeys } from "./inbox/owner-keys.ts";
import type { LogLine } from "./log.ts";
import { type FunctionSpec, readManifest } from "./manifest.ts";
import { HOST, type Ports } from "./ports.ts";
import type { Scope } from "./scope.ts";
import {
  LOCAL_BUCKET,
  LOCAL_PROJECT_ID,
  LOCAL_WEBHOOK_ENCRYPTION_KEYS,
  LOCAL_WEBHOOK_MASTER_SECRET,
} from "./secrets.ts";
import { storageHandler } from "./storage/handler.ts";

/** Shared by the parts of one cloud while it starts. */
export interface Start {
  options: LocalCloudOptions;
  ports: Ports;
  /** The addresses, behind their doors, of the emulators that have no guard of their own. */
  hidden: Record<"firestore" | "pubsub", { host: string; port: number }>;
  log: LogLine;
  scope: Scope;
  children: Children;
  /** Aborts when the start, or the cloud, stops. */
  signal: AbortSignal;
  /** Aborted with the reason when a part fails. */
  failing: AbortController;
  folder: string;
  chaos: Chaos;
}

/** The door at which the Firestore emulator tells of changes; answers its port. */
export async function startEventDoor(start: Start, bridge: () => Bridge | undefined): Promise<number> {
  const handler: Handler = (req, res) => {
    const running = bridge();
    // Triggers are registered last, so nothing that matters can come before.
    if (running !== undefined) return running.handleFirestoreEvent(req, res);
    res.writeHead(503).end();
  };
  const { port } = await opened(start, listen(handler, 0, doorOptions(start, "event bridge")));
  return port;
}

function doorOptions({ options, log }: Start, name: string): DoorOptions & { rules: DoorRules } {
  return { name, rules: { allowedOrigins: options.allowedOrigins ?? [] }, log: (line) => log("door", line) };
}

/** Closes a server with the cloud, from the moment at which it listens, also when another part fails. */
async function opened(start: Start, listening: Promise<Listening>): Promise<Listening> {
  const server = await listening;
  await start.scope.add(() => server.close());
  return server;
}

/** Starts the emulators, all at once; when one ends later, the cloud has failed. */
export async function startEmulators(
  start: Start,
  eventsPort: number,
): Promise<{ firestore: Emulator; pubsub: Emulator }> {
  const { children, hidden, log, signal, folder, options } = start;
  const fail = (error: unknown) => {
    if (!start.scope.isClosing) start.failing.abort(error);
  };
  const context: EmulatorContext = { children, projectId: LOCAL_PROJECT_ID, folder, signal, fail };
  await assertJava(process.env, signal);
  const [firestoreJar, pubsubJar] = await Promise.all([
    obtainJar(FIRESTORE_JAR, process.env, log, signal),
    obtainJar(PUBSUB_JAR, process.env, log, signal),
  ]);
  const settings = { functionsHost: `${HOST}:${eventsPort}`, rules: join(REPOSITORY, "firestore.rules") };
  const [firestore, pubsub] = await Promise.all([
    startFirestore(context, firestoreJar, hidden.firestore, settings),
    startPubsub(context, pubsubJar, hidden.pubsub),
    options.auth === false ? undefined : startAuth(context, authSocket(start)),
  ]);
  return { firestore, pubsub };
}

function authSocket({ folder }: Start): string {
  return join(folder, "auth");
}

/** Opens the doors of the emulators, which guard them from pages of other sites. */
async function openEmulatorDoors(start: Start): Promise<void> {
  const { hidden, ports, options } = start;
  const open = async (name: "firestore" | "pubsub" | "auth", target: LocalAddress) =>
    void (await opened(start, openEmulatorDoor(target, ports[name], doorOptions(start, name))));
  await Promise.all([
    open("firestore", hidden.firestore),
    open("pubsub", hidden.pubsub),
    options.auth === false ? undefined : open("auth", { socketPath: authSocket(start) }),
  ]);
}

/** Opens the storage, which guards itself: anybody may use a signed URL. */
async function openStorage(start: Start): Promise<void> {
  const folder = join(start.folder, "storage");
  await mkdir(folder);
  const { rules, ...options } = doorOptions(start, "storage");
  await opened(start, listen(storageHandler(folder, rules), start.ports.storage, options));
}

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

/** Starts what answers HTTP in this process: the API's door, the inbox, the emulators' doors, the console. */
export async function startServers(start: Start, api: () => FunctionProcess | undefined): Promise<void> {
  const { ports, options, log, signal } = start;
  const addresses = addressesOf(ports);
  const door = httpDoor(api);
  const { firestoreHost, projectId } = addresses;
  const endpointKeys = firestoreEndpointKeys(firestoreHost, projectId, secretBox(LOCAL_WEBHOOK_ENCRYPTION_KEYS));
  const ownerKeys = firestoreOwnerKeys(firestoreHost, projectId, LOCAL_WEBHOOK_MASTER_SECRET);
  const inbox = inboxHandler({ ownerKeys, endpointKeys });
  const serve = (handler: Handler, port: number, name: string) =>
    opened(start, listen(handler, port, doorOptions(start, name)));
  await Promise.all([
    serve(door, ports.api, "API"),
    serve(inbox, ports.inbox, "webhook inbox"),
    openStorage(start),
    openEmulatorDoors(start),
  ]);
  if (options.console === false) return;
  await buildConsole(log, signal);
  await serve(consoleHandler(CONSOLE_FOLDER, addresses, door), ports.console, "console");
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
    maxDeliveryAttempts: options.maxDeliveryAttempts ?? 100,
    maxConcurrency: options.maxConcurrency ?? 100,
    scheduledMinuteMs: options.scheduledMinuteMs ?? 60_000,
    faultsOf: (spec: FunctionSpec) => start.chaos.faultsOf(spec),
    ...(options.watchRequest && { watchRequest: options.watchRequest }),
    log: (line: string) => log("bridge", line),
  };
}
