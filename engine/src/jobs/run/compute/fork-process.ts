import { type ChildProcess, fork } from "node:child_process";
import { getPriority, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { RetryableError } from "../../../job-types/define-job.ts";
import { deferred } from "../../../kit/deferred.ts";
import { OUTSIDE_HEAP_MB } from "./compute.ts";
import type { CallMessage, ComputeMessage } from "./messages.ts";

/** A process forked from this one, and the messages to and from it. */
export interface ForkedProcess {
  readonly pid: number | undefined;
  /**
   * Resolves when the process takes calls. Rejects with a RetryableError `compute-crashed` when it does not within a
   * minute.
   */
  readonly ready: Promise<void>;
  /**
   * Resolves with a signal or an exit code once the process has ended, and everything that it sent and printed has
   * come.
   */
  readonly ended: Promise<string>;
  /** The end of what it printed to its error output. */
  stderr(): string;
  /** Sends a call. A process that has ended ignores it; `ended` settles the call. */
  send(message: CallMessage): void;
  /** Calls `listener` with each message of the process from now on, in place of the listener before. */
  listen(listener: (message: ComputeMessage) => void): void;
  kill(): void;
  /** Keeps the worker's process up while the process is at work. */
  ref(): void;
  /** Lets the worker's process end while the process is idle. */
  unref(): void;
}

/** Added to the niceness of the worker's own thread, which answers, renews leases and watches for cancels. */
const NICER = 10;
/** Seven times less of the processor than the other calls: sched(7). */
const NICER_FOR_LARGE = 19;
const NICEST = 19;
const START_TIMEOUT_MS = 60_000;
/** Enough of its error output to know why V8 gave up. */
const KEPT_STDERR_CHARACTERS = 4096;

/**
 * Forks a process that runs the module `entry`, with a heap for `memoryMb` in all, at a lower priority than this one.
 */
export function forkProcess(entry: URL, memoryMb: number, { isForLarge }: { isForLarge: boolean }): ForkedProcess {
  const child = fork(fileURLToPath(entry), {
    execArgv: [`--max-old-space-size=${memoryMb - OUTSIDE_HEAP_MB}`, "--max-semi-space-size=8", "--expose-gc"],
    // Tells `createBaton` what this process is for.
    env: { ...process.env, BATON_PROCESS: "compute" },
    serialization: "advanced",
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  const ended = endOf(child);
  const ready = whenReady(child, ended);
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    process.stderr.write(chunk);
    stderr = (stderr + chunk.toString()).slice(-KEPT_STDERR_CHARACTERS);
  });
  // Without a listener Node keeps a message for the next one, which belongs to another call.
  let listener: (message: ComputeMessage) => void = () => undefined;
  child.on("message", (message: ComputeMessage) => listener(message));
  lowerPriority(child, isForLarge ? NICER_FOR_LARGE : NICER);
  return {
    pid: child.pid,
    ready,
    ended,
    stderr: () => stderr,
    send: (message) => void child.send(message, () => undefined),
    listen(given) {
      listener = given;
    },
    kill: () => void child.kill("SIGKILL"),
    ref: () => ref(child),
    unref: () => unref(child),
  };
}

async function endOf(child: ChildProcess): Promise<string> {
  const how = deferred<string>();
  child.once("error", (error) => how.resolve(error.message));
  child.once("close", (code, signal) => how.resolve(signal ?? `code ${code}`));
  const disconnected = new Promise<void>((resolve) => child.once("disconnect", resolve));
  const answer = await how.promise;
  if (child.connected) await disconnected;
  return answer;
}

async function whenReady(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const { promise, resolve, reject } = deferred<void>();
  const late = setTimeout(() => {
    reject(new RetryableError("compute-crashed", "The compute process did not start in time."));
    child.kill("SIGKILL");
  }, START_TIMEOUT_MS);
  late.unref();
  child.once("message", () => resolve());
  void ended.then(() => clearTimeout(late));
  promise.catch(() => undefined);
  return promise.finally(() => clearTimeout(late));
}

function lowerPriority({ pid }: ChildProcess, by: number): void {
  try {
    if (pid !== undefined) setPriority(pid, Math.min(getPriority() + by, NICEST));
  } catch {
    // The process has ended, or this system forbids it: the work is done at normal priority.
  }
}

function ref(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function unref(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  const { stderr } = child;
  if (stderr && "unref" in stderr && typeof stderr.unref === "function") stderr.unref();
}
