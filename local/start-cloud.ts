import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Addresses, addressesOf } from "./addresses.ts";
import { type Bridge, type BridgeStats, startBridge } from "./bridge/bridge.ts";
import { createChaos } from "./chaos/chaos.ts";
import type { FaultCounts } from "./chaos/fault-counts.ts";
import { createChildren } from "./children.ts";
import { bridgeSettings, loadAll, openFleet } from "./cloud-functions.ts";
import type { CloudOptions } from "./cloud-options.ts";
import { type Start, startEmulators, startEventDoor, startServers } from "./cloud-parts.ts";
import { hiddenAddress } from "./doors/hidden-address.ts";
import type { Fleet } from "./functions/fleet.ts";
import { urlOf } from "./functions/functions-door.ts";
import type { FunctionSpec } from "./manifest/manifest.ts";
import { assertFree, freePorts } from "./ports.ts";
import { explain, LocalCloudError } from "./problem.ts";
import { followSources } from "./reload/follow-sources.ts";
import { createScope, type Scope } from "./scope.ts";

/** A running local cloud. */
export interface LocalCloud {
  addresses: Addresses;
  /** The functions that there are now; `url` is of those that HTTP calls. */
  functions(): { spec: FunctionSpec; url: string }[];
  /** Rejects when an emulator ends while the cloud runs; never settles otherwise. */
  failed: Promise<never>;
  /** Stops every process and resolves when the last one is gone. Idempotent. */
  stop(): Promise<void>;
  /** The bridge's counts, by function. */
  stats(): Record<string, BridgeStats>;
  /** Process id of a function; undefined while it restarts. */
  functionPid(name: string): number | undefined;
  /** Kills a function's process, which is then replaced. */
  killFunction(name: string, signal: NodeJS.Signals): void;
  /** Process ids of everything that runs for this cloud. */
  childPids(): number[];
  /**
   * Ends the faults for good, and resolves when emulators and functions all answer; rejects when they do not within a
   * minute.
   */
  calm(): Promise<void>;
  /** Counts of the injected faults. */
  faults(): FaultCounts;
}

/**
 * Starts emulators, functions, bridge, inbox and console, and resolves when all answer. When a part fails to start,
 * everything started so far is stopped first and the promise rejects, with a `LocalCloudError` if a person can do
 * something about it.
 */
export async function startCloud(options: CloudOptions): Promise<LocalCloud> {
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
    // The reason of the failure says more than what else went wrong while stopping.
    await scope.close().catch((closing: unknown) => options.log?.("cloud", explain(closing)));
    throw error;
  }
}

async function prepare(
  options: CloudOptions,
  scope: Scope,
  failing: AbortController,
  signal: AbortSignal,
): Promise<Start> {
  const log = options.log ?? (() => {});
  if (options.ports !== "auto") await assertFree(options.ports);
  const ports = options.ports === "auto" ? await freePorts() : options.ports;
  const folder = await makeFolder();
  await scope.add(() => rm(folder, { recursive: true, force: true }));
  const hidden = { firestore: await hiddenAddress("any", scope), pubsub: await hiddenAddress("usual", scope) };
  const children = createChildren(log);
  await scope.add(() => children.stopAll());
  const chaos = createChaos(options.chaos ?? {}, (line) => log("chaos", line));
  return { options, ports, hidden, log, scope, children, signal, failing, folder, chaos };
}

/** Longest path of a socket, less what a function's own file name may take: macOS has 104 bytes, Linux 108. */
const MAX_FOLDER_BYTES = 60;

/** A folder of the cloud's own, open to this user alone, with a path that is short enough for sockets. */
async function makeFolder(): Promise<string> {
  const prefixes = [join(resolve(tmpdir()), "baton-"), "/tmp/baton-"];
  const [wanted = "", short = ""] = prefixes;
  const prefix = Buffer.byteLength(wanted) <= MAX_FOLDER_BYTES ? wanted : short;
  try {
    return await mkdtemp(prefix);
  } catch (cause) {
    const folder = dirname(prefix);
    throw new LocalCloudError(
      `The local cloud cannot write to ${folder}; set TMPDIR to a folder that it may write to.`,
      {
        cause,
      },
    );
  }
}

async function startParts(start: Start): Promise<LocalCloud> {
  const { options, scope } = start;
  const { projectId } = options.project;
  const addresses = addressesOf(start.ports, projectId);
  let bridge: Bridge | undefined;
  const fleet = openFleet(start);
  const eventsPort = await startEventDoor(start, () => bridge);
  // A function starts without the emulators: it meets them at its first request.
  const [, emulators] = await Promise.all([
    startFunctions(start, fleet),
    startEmulators(start, eventsPort),
    startServers(start, fleet, () => bridge),
  ]);
  const { functions } = fleet;
  const running = await startBridge(functions, bridgeSettings(start));
  bridge = running;
  await scope.add(() => running.stop());
  if (options.reload === true) await followSources(start, fleet, running);
  const hosts = [addresses.firestoreHost, addresses.pubsubHost];
  start.chaos.begin({ functions, ...emulators, hosts, bridge, fail: (error) => start.failing.abort(error) });
  await scope.add(() => start.chaos.stop());

  const failed = whenAborted(start.failing.signal);
  failed.catch(() => {});
  const byName = (name: string) => functions.find(({ spec }) => spec.name === name);
  return {
    addresses,
    functions: () =>
      fleet.loaded.flatMap(({ specs }) =>
        specs.map((spec) => ({ spec, url: urlOf(addresses.apiUrl, projectId, spec) })),
      ),
    failed,
    stop: () => scope.close(),
    stats: running.stats,
    functionPid: (name) => byName(name)?.pid(),
    killFunction: (name, signal) => void byName(name)?.kill(signal),
    childPids: () => start.children.alive(),
    calm: () => start.chaos.calm(),
    faults: () => start.chaos.faults(),
  };
}

async function startFunctions(start: Start, fleet: Fleet): Promise<void> {
  fleet.add(await loadAll(start));
  if (start.options.lazy === true) void fleet.warm();
  else await fleet.start(start.signal);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () =>
      reject(signal.reason instanceof Error ? signal.reason : new LocalCloudError("The start was interrupted."));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
