import { join } from "node:path";
import type { Child, Children } from "../children.ts";
import { whenListening } from "../http.ts";
import { type FunctionSpec, signatureOf } from "../manifest.ts";
import { packageFile } from "../package-file.ts";
import { LocalCloudError } from "../problem.ts";
import { restartPauseMs } from "./restart-pause.ts";

/** One function under the functions framework, started again whenever its process dies. */
export interface FunctionProcess {
  readonly spec: FunctionSpec;
  /** Of the process that runs now; undefined between two. */
  pid(): number | undefined;
  /** How often the process died and was replaced. */
  restarts(): number;
  /** The socket at which a process that is ready listens, waiting for one while it restarts; rejects with the signal's reason. */
  socketPath(signal: AbortSignal): Promise<string>;
  /**
   * Kills the process, if there is one now, and resolves when it is gone. Its replacement starts without a pause: a death that was
   * asked for says nothing about the function.
   */
  kill(signal: NodeJS.Signals): Promise<void>;
  /**
   * Starts another process in the place of the one that runs now, as when an instance is added, and answers that one: it goes on
   * with what it was given, gets nothing new, and is the caller's to stop. Undefined when none runs now.
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
  /** For its socket: a port could be called by any page of a browser, past the door, and by other machines. */
  folder: string;
}

/** Starts a function; resolves when it answers, throws a `LocalCloudError` with its last words when its first process dies before. */
export async function startFunctionProcess(
  options: FunctionProcessOptions,
  signal: AbortSignal,
): Promise<FunctionProcess> {
  const { spec, log } = options;
  let isStopped = false;
  let restarts = 0;
  let launches = 0;
  let earlyDeaths = 0;
  let current: { child: Child; socketPath: Promise<string>; isKilled: boolean } | undefined;
  const waiters = new Set<() => void>();

  async function launch(): Promise<void> {
    launches += 1;
    const socketPath = join(options.folder, `${spec.name}.${launches}`);
    const startedAt = performance.now();
    const child = options.children.start({
      ...frameworkCommand(spec, socketPath),
      env: { ...options.env, PORT: socketPath },
    });
    const isUp = whenUp(child, socketPath);
    const launched = { child, socketPath: isUp, isKilled: false };
    current = launched;
    isUp.catch(() => {});
    for (const wake of waiters) wake();
    void child.ended.then((how) => {
      if (current !== launched) return;
      current = undefined;
      const isEarly = performance.now() - startedAt < EARLY_DEATH_MS && !launched.isKilled;
      if (!isStopped && !options.children.isStopping()) void relaunch(how, isEarly);
    });
  }

  async function relaunch(how: string, isEarly: boolean): Promise<void> {
    restarts += 1;
    earlyDeaths = isEarly ? earlyDeaths + 1 : 0;
    const pauseMs = restartPauseMs(earlyDeaths);
    log(`process died (${how}); starting it again${pauseMs > 0 ? ` in ${pauseMs} ms` : ""}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (isStopped || options.children.isStopping()) return;
    // Only a cloud that is stopping refuses to start a process.
    await launch().catch((error: unknown) => log(String(error)));
  }

  await launch();
  const first = current;
  if (first !== undefined) await firstStart(first.child, first.socketPath, spec, signal);

  return {
    spec,
    pid: () => current?.child.pid,
    restarts: () => restarts,
    socketPath: (wait) => whenReady(() => current?.socketPath, waiters, wait),
    async kill(name) {
      const killed = current;
      if (killed === undefined) return;
      killed.isKilled = true;
      killed.child.kill(name);
      await killed.child.ended;
    },
    async replace() {
      const replaced = current;
      if (replaced === undefined || isStopped) return undefined;
      await launch();
      return replaced.child;
    },
    async stop() {
      isStopped = true;
      await current?.child.stop();
    },
  };
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

function frameworkCommand(spec: FunctionSpec, socketPath: string) {
  const program = packageFile("@google-cloud/functions-framework", "build/src/main.js");
  return {
    name: spec.name,
    file: process.execPath,
    args: [
      program,
      `--target=${spec.entryPoint}`,
      `--signature-type=${signatureOf(spec.trigger)}`,
      `--port=${socketPath}`,
    ],
    cwd: spec.folder,
  };
}
