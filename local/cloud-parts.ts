import type { RequestListener } from "node:http";
import { join } from "node:path";
import { secretBox } from "../functions/src/gcp/secret-box.ts";
import { addressesOf } from "./addresses.ts";
import type { Bridge } from "./bridge/bridge.ts";
import { buildConsole, buildFunctions, CONSOLE_FOLDER, deployedCodebases, REPOSITORY } from "./builds.ts";
import type { Chaos } from "./chaos/chaos.ts";
import type { Children } from "./children.ts";
import type { LocalCloudOptions } from "./cloud-options.ts";
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
import { HOST, type Ports } from "./ports.ts";
import type { Scope } from "./scope.ts";
import { LOCAL_PROJECT_ID, LOCAL_WEBHOOK_ENCRYPTION_KEYS, LOCAL_WEBHOOK_MASTER_SECRET } from "./secrets.ts";

/** What the parts of one cloud share while it starts. */
export interface Start {
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

/** The door at which the Firestore emulator tells of changes; answers its port. */
export async function startEventDoor(start: Start, bridge: () => Bridge | undefined): Promise<number> {
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

/** Starts the emulators, all at once; when one ends later, the cloud has failed. */
export async function startEmulators(
  start: Start,
  eventsPort: number,
): Promise<{ firestore: Emulator; pubsub: Emulator }> {
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

/** What the codebases deploy, built first when stale. */
export async function readFunctions(start: Start): Promise<FunctionSpec[]> {
  const codebases = start.options.codebases ?? (await deployedCodebases());
  if (!start.options.codebases) await buildFunctions(codebases, start.log);
  const specs = (await Promise.all(codebases.map((folder) => readManifest(folder, LOCAL_PROJECT_ID)))).flat();
  for (const { name, trigger } of specs) {
    if (trigger.kind === "unsupported") start.log("bridge", `${name} is never called here: ${trigger.what}`);
  }
  return specs;
}

/** Starts what answers HTTP in this process: the API's door, the inbox, the console. */
export async function startServers(start: Start, api: () => FunctionProcess | undefined): Promise<void> {
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

/** Starts a function in a process of its own, with production's environment less what only a cloud has. */
export function startFunction(start: Start, spec: FunctionSpec): Promise<FunctionProcess> {
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

/** The bridge's settings, with the local cloud's defaults. */
export function bridgeSettings(start: Start) {
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
