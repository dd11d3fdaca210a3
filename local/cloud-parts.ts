import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { secretBox } from "@baton/engine/local";
import { addressesOf } from "./addresses.ts";
import type { Bridge } from "./bridge/bridge.ts";
import type { Chaos } from "./chaos/chaos.ts";
import type { Children } from "./children.ts";
import type { CloudOptions } from "./cloud-options.ts";
import { consoleHandler } from "./console-server.ts";
import { openEmulatorDoor } from "./doors/emulator-door.ts";
import type { DoorRules } from "./doors/judge-request.ts";
import type { Emulator } from "./emulators/emulator.ts";
import { FIRESTORE_JAR, PUBSUB_JAR } from "./emulators/find-jar.ts";
import { assertJava, obtainJar } from "./emulators/java.ts";
import { type EmulatorContext, startAuth, startFirestore, startPubsub } from "./emulators/start-emulators.ts";
import type { Fleet } from "./functions/fleet.ts";
import { functionsDoor } from "./functions/functions-door.ts";
import { type DoorOptions, type Handler, type Listening, type LocalAddress, listen } from "./http.ts";
import { firestoreEndpointKeys } from "./inbox/endpoint-keys.ts";
import { inboxHandler } from "./inbox/handler.ts";
import { firestoreOwnerKeys } from "./inbox/owner-keys.ts";
import type { LogLine } from "./log.ts";
import { HOST, type Ports } from "./ports.ts";
import type { Scope } from "./scope.ts";
import { LOCAL_WEBHOOK_ENCRYPTION_KEYS, LOCAL_WEBHOOK_MASTER_SECRET } from "./secrets.ts";
import { storageHandler } from "./storage/handler.ts";

/** Shared by the parts of one cloud while it starts. */
export interface Start {
  options: CloudOptions;
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
  const context: EmulatorContext = { children, projectId: options.project.projectId, folder, signal, fail };
  await assertJava(process.env, signal);
  const [firestoreJar, pubsubJar] = await Promise.all([
    obtainJar(FIRESTORE_JAR, process.env, log, signal),
    obtainJar(PUBSUB_JAR, process.env, log, signal),
  ]);
  const settings = { functionsHost: `${HOST}:${eventsPort}`, rules: options.project.rules };
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

/** Starts the HTTP servers of this process: the functions' and the tasks' doors, the inbox, the emulators', the console. */
export async function startServers(start: Start, fleet: Fleet, bridge: () => Bridge | undefined): Promise<void> {
  const { ports, options, log, signal } = start;
  const { projectId } = options.project;
  const addresses = addressesOf(ports, projectId);
  const door = functionsDoor({ projectId, functions: () => fleet.functions });
  const { firestoreHost } = addresses;
  const endpointKeys = firestoreEndpointKeys(firestoreHost, projectId, secretBox(LOCAL_WEBHOOK_ENCRYPTION_KEYS));
  const ownerKeys = firestoreOwnerKeys(firestoreHost, projectId, LOCAL_WEBHOOK_MASTER_SECRET);
  const inbox = inboxHandler({ ownerKeys, endpointKeys });
  const serve = (handler: Handler, port: number, name: string) =>
    opened(start, listen(handler, port, doorOptions(start, name)));
  await Promise.all([
    serve(door, ports.api, "API"),
    serve(taskHandler(bridge), ports.tasks, "task queue"),
    serve(inbox, ports.inbox, "webhook inbox"),
    openStorage(start),
    openEmulatorDoors(start),
  ]);
  if (options.site === undefined) return;
  await options.site.prepare?.(log, signal);
  await serve(consoleHandler(options.site, addresses, door), ports.console, "console");
}

function taskHandler(bridge: () => Bridge | undefined): Handler {
  return (req, res) => {
    const running = bridge();
    if (running !== undefined) return running.handleTask(req, res);
    // A function that adds a task while the cloud still starts tries again.
    res.writeHead(503).end();
  };
}
