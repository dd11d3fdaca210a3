import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Child, Children } from "../children.ts";
import { whenListening } from "../http.ts";
import type { FunctionSpec } from "../manifest/manifest.ts";
import { LocalCloudError } from "../problem.ts";
import { frameworkCommand, type NodeProgram } from "./framework-command.ts";
import { raceAbort, whenReady, whenUnused } from "./ready-process.ts";
import { restartPauseMs } from "./restart-pause.ts";

/** One function under the functions framework, started again whenever its process dies. */
export interface FunctionProcess {
  /** As the version that is in place now declares it. */
  readonly spec: FunctionSpec;
  /**
   * Starts the first process. Resolves when it answers; throws a `LocalCloudError` with its last lines when it dies
   * before.
   */
  start(signal: AbortSignal): Promise<void>;
  /** The id of the current process; undefined between two. */
  pid(): number | undefined;
  /** The number of processes that died and were replaced. */
  restarts(): number;
  /**
   * The socket of a process that is ready; waits for one while the function restarts. Rejects with the signal's reason.
   */
  socketPath(signal: AbortSignal): Promise<string>;
  /**
   * Kills the current process, if there is one, and resolves when it is gone. Its replacement starts without a pause:
   * such a death says nothing about the function.
   */
  kill(signal: NodeJS.Signals): Promise<void>;
  /**
   * Starts another process in the place of the current one, as when an instance is added. Answers the replaced process:
   * it continues with the requests that it has, gets no others, and is the caller's to stop. Undefined when there is no
   * current process.
   */
  replace(): Promise<Child | undefined>;
  /**
   * Puts another version in place, as a deploy does. The old process gets no further request; it may end those that it
   * has, for five seconds, and resolving means that it is gone. The new one starts with the next request, or by `warm`.
   */
  reload(version: FunctionVersion): Promise<void>;
  /** Starts the process if a reload left it out. Resolves when it answers or died. */
  warm(): Promise<void>;
  /** Ends the process for good. */
  stop(): Promise<void>;
}

/** One version of a function's code. */
export interface FunctionVersion {
  spec: FunctionSpec;
  env: NodeJS.ProcessEnv;
  /** The Node that runs it. */
  node: NodeProgram;
}

export interface FunctionProcessOptions extends FunctionVersion {
  children: Children;
  log(line: string): void;
  /** The folder of its sockets. Any page of a browser, and other machines, could call a port, past the door. */
  folder: string;
}

/** The processes of one function, of which at most one is `current`. */
interface Supervised extends FunctionProcessOptions {
  current: Launched | undefined;
  isStopped: boolean;
  /** True until the first process of this version starts. */
  isDormant: boolean;
  restarts: number;
  /** Deaths in a row that each came soon after the start. */
  earlyDeaths: number;
  /** Called when a process was launched. */
  waiters: Set<() => void>;
}

interface Launched {
  child: Child;
  path: string;
  /** The same, once the process answers there. */
  socketPath: Promise<string>;
  isKilled: boolean;
}

/** Creates a function whose process starts with its first request, by `warm`, or by `start`. */
export function createFunctionProcess(options: FunctionProcessOptions): FunctionProcess {
  const counts = { restarts: 0, earlyDeaths: 0 };
  const flags = { isStopped: false, isDormant: true };
  const supervised: Supervised = { ...options, ...counts, ...flags, current: undefined, waiters: new Set() };
  return {
    get spec() {
      return supervised.spec;
    },
    async start(signal) {
      const { child, socketPath } = launch(supervised);
      await firstStart(child, socketPath, supervised.spec, signal);
    },
    pid: () => supervised.current?.child.pid,
    restarts: () => supervised.restarts,
    socketPath: (wait) => whenReady(() => awake(supervised)?.socketPath, supervised.waiters, wait),
    kill: (name) => kill(supervised, name),
    async replace() {
      const replaced = supervised.current;
      if (replaced === undefined || supervised.isStopped) return undefined;
      launch(supervised);
      return replaced.child;
    },
    reload: (version) => reload(supervised, version),
    warm: async () => void (await awake(supervised)?.socketPath.catch(() => {})),
    async stop() {
      supervised.isStopped = true;
      await supervised.current?.child.stop();
    },
  };
}

/** The current process; starts it when a reload left it out. */
function awake(supervised: Supervised): Launched | undefined {
  const mayStart = supervised.isDormant && !supervised.isStopped && !supervised.children.isStopping();
  return mayStart ? launch(supervised) : supervised.current;
}

async function kill(supervised: Supervised, name: NodeJS.Signals): Promise<void> {
  const killed = supervised.current;
  if (killed === undefined) return;
  killed.isKilled = true;
  killed.child.kill(name);
  await killed.child.ended;
}

async function reload(supervised: Supervised, version: FunctionVersion): Promise<void> {
  const old = supervised.current;
  Object.assign(supervised, version, { current: undefined, isDormant: true, earlyDeaths: 0 });
  if (old === undefined) return;
  await whenUnused(old.path);
  await old.child.stop();
}

/** Starts a process, which is the current one from then on. Throws when the cloud is stopping. */
function launch(supervised: Supervised): Launched {
  const { spec, env, node, children, folder, waiters } = supervised;
  supervised.isDormant = false;
  // Never a name again: a process that ends removes the file of its socket, whichever process has it by then.
  const socketPath = join(folder, `${spec.name}.${randomBytes(3).toString("hex")}`);
  const startedAt = performance.now();
  const child = children.start({ ...frameworkCommand(spec, node, socketPath), env: { ...env, PORT: socketPath } });
  const isUp = whenUp(child, socketPath);
  const launched = { child, path: socketPath, socketPath: isUp, isKilled: false };
  supervised.current = launched;
  isUp.catch(() => {});
  for (const wake of waiters) wake();
  void child.ended.then((how) => {
    if (supervised.current !== launched) return;
    supervised.current = undefined;
    const isEarly = performance.now() - startedAt < EARLY_DEATH_MS && !launched.isKilled;
    if (!supervised.isStopped && !children.isStopping()) void relaunch(supervised, how, isEarly);
  });
  return launched;
}

async function relaunch(supervised: Supervised, how: string, isEarly: boolean): Promise<void> {
  const { children, log } = supervised;
  supervised.restarts += 1;
  supervised.earlyDeaths = isEarly ? supervised.earlyDeaths + 1 : 0;
  const pauseMs = restartPauseMs(supervised.earlyDeaths);
  log(`process died (${how}); starting it again${pauseMs > 0 ? ` in ${pauseMs} ms` : ""}`);
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const isReplaced = supervised.current !== undefined || supervised.isDormant;
  if (isReplaced || supervised.isStopped || children.isStopping()) return;
  try {
    launch(supervised);
  } catch (error) {
    // Only a cloud that is stopping refuses to start a process.
    log(String(error));
  }
}

/** A process that dies sooner than this died at once: the pause before the next grows. */
const EARLY_DEATH_MS = 2_000;

async function firstStart(child: Child, isUp: Promise<string>, spec: FunctionSpec, signal: AbortSignal): Promise<void> {
  try {
    await raceAbort(isUp, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new LocalCloudError(`Function ${spec.name} does not start:\n${child.lastLines().join("\n")}`, { cause });
  }
}

function whenUp(child: Child, socketPath: string): Promise<string> {
  const gone = new AbortController();
  void child.ended.then((how) => gone.abort(new Error(`process died (${how})`)));
  return whenListening({ socketPath }, gone.signal).then(() => socketPath);
}
