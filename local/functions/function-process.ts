import { join } from "node:path";
import type { Child, Children } from "../children.ts";
import { whenListening } from "../http.ts";
import type { FunctionSpec } from "../manifest.ts";
import { LocalCloudError } from "../problem.ts";
import { frameworkCommand } from "./framework-command.ts";
import { restartPauseMs } from "./restart-pause.ts";

/** One function under the functions framework, started again whenever its process dies. */
export interface FunctionProcess {
  readonly spec: FunctionSpec;
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
  /** Ends the process for good. */
  stop(): Promise<void>;
}

export interface FunctionProcessOptions {
  spec: FunctionSpec;
  env: NodeJS.ProcessEnv;
  children: Children;
  log(line: string): void;
  /** The folder of its sockets. Any page of a browser, and other machines, could call a port, past the door. */
  folder: string;
}

/** The processes of one function, of which at most one is `current`. */
interface Supervised extends FunctionProcessOptions {
  current: Launched | undefined;
  isStopped: boolean;
  restarts: number;
  launches: number;
  /** Deaths in a row that each came soon after the start. */
  earlyDeaths: number;
  /** Called when a process was launched. */
  waiters: Set<() => void>;
}

interface Launched {
  child: Child;
  socketPath: Promise<string>;
  isKilled: boolean;
}

/**
 * Starts a function. Resolves when it answers; throws a `LocalCloudError` with the last lines of its first process when
 * that one dies before.
 */
export async function startFunctionProcess(
  options: FunctionProcessOptions,
  signal: AbortSignal,
): Promise<FunctionProcess> {
  const { spec } = options;
  const counts = { restarts: 0, launches: 0, earlyDeaths: 0 };
  const supervised: Supervised = { ...options, ...counts, current: undefined, isStopped: false, waiters: new Set() };
  const first = launch(supervised);
  await firstStart(first.child, first.socketPath, spec, signal);
  return {
    spec,
    pid: () => supervised.current?.child.pid,
    restarts: () => supervised.restarts,
    socketPath: (wait) => whenReady(() => supervised.current?.socketPath, supervised.waiters, wait),
    async kill(name) {
      const killed = supervised.current;
      if (killed === undefined) return;
      killed.isKilled = true;
      killed.child.kill(name);
      await killed.child.ended;
    },
    async replace() {
      const replaced = supervised.current;
      if (replaced === undefined || supervised.isStopped) return undefined;
      launch(supervised);
      return replaced.child;
    },
    async stop() {
      supervised.isStopped = true;
      await supervised.current?.child.stop();
    },
  };
}

/** Starts a process, which is the current one from then on. Throws when the cloud is stopping. */
function launch(supervised: Supervised): Launched {
  const { spec, env, children, folder, waiters } = supervised;
  supervised.launches += 1;
  const socketPath = join(folder, `${spec.name}.${supervised.launches}`);
  const startedAt = performance.now();
  const child = children.start({ ...frameworkCommand(spec, socketPath), env: { ...env, PORT: socketPath } });
  const isUp = whenUp(child, socketPath);
  const launched = { child, socketPath: isUp, isKilled: false };
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
  if (supervised.isStopped || children.isStopping()) return;
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

async function whenReady(
  socketPath: () => Promise<string> | undefined,
  waiters: Set<() => void>,
  signal: AbortSignal,
): Promise<string> {
  for (;;) {
    signal.throwIfAborted();
    const starting = socketPath();
    if (starting !== undefined) {
      // A process that dies while starting is followed by another: wait for that one.
      const ready = await raceAbort(starting, signal).catch(() => undefined);
      if (ready !== undefined) return ready;
    } else {
      await nextLaunch(waiters, signal);
    }
  }
}

function nextLaunch(waiters: Set<() => void>, signal: AbortSignal): Promise<void> {
  const launched = Promise.withResolvers<void>();
  waiters.add(launched.resolve);
  return raceAbort(launched.promise, signal).finally(() => waiters.delete(launched.resolve));
}

/** The promise's outcome, or a rejection with the signal's reason when it aborts first. */
async function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
