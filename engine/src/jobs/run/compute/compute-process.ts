import { type ChildProcess, fork } from "node:child_process";
import { getPriority, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { deserialize } from "node:v8";
import { RetryableError } from "../../../job-types/define-job.ts";
import { type ComputeCall, OUTSIDE_HEAP_MB } from "./compute.ts";
import { outOfMemory } from "./limit-errors.ts";
import type { CallMessage, ComputeMessage } from "./messages.ts";
import { fromSent } from "./sent-error.ts";
import { watchUsage } from "./watch-usage.ts";

/** A process that runs the compute functions of one job type, one call at a time. */
export interface ComputeProcess {
  readonly type: string;
  readonly memoryMb: number;
  /** It runs calls with a large input, at a lower priority than the others. */
  readonly isForLarge: boolean;
  /** Runs one call with its input as `toBytes` writes it; rejects as `Compute.run` does. Kills the process when the call has to be ended. */
  run(call: ComputeCall, input: Buffer): Promise<unknown>;
  /** False once the process is gone, was killed, or holds too much memory to be used again. */
  isUsable(): boolean;
  /** Kills the process; what it was at is ended. */
  kill(): void;
}

/** By so much below the worker's own thread, which answers, renews leases and hears cancels. */
const NICER = 10;
/** Seven times less of the processor than the other calls: sched(7). */
const NICER_FOR_LARGE = 19;
const NICEST = 19;
const START_TIMEOUT_MS = 60_000;
/** Enough of what it printed to know why V8 gave up. */
const KEPT_STDERR_CHARACTERS = 4096;
const OUT_OF_MEMORY = /heap out of memory|Allocation failed|invalid (?:table )?size|OOM/i;

/** Starts a process for the calls of one job type. `entry` is a module that calls `serveCalls`. */
export function startComputeProcess(
  entry: URL,
  { type, limits: { memoryMb } }: Pick<ComputeCall, "type" | "limits">,
  { maxShare, isForLarge }: { maxShare: number; isForLarge: boolean },
): ComputeProcess {
  const child = forkOf(entry, memoryMb);
  let isUsable = true;
  let stderr = "";
  let onMessage: (message: ComputeMessage) => void = () => undefined;
  const ended = endOf(child).then((how) => {
    isUsable = false;
    return how;
  });
  const ready = whenReady(child, ended);
  child.stderr?.on("data", (chunk: Buffer) => {
    process.stderr.write(chunk);
    stderr = (stderr + chunk.toString()).slice(-KEPT_STDERR_CHARACTERS);
  });
  child.on("message", (message: ComputeMessage) => onMessage(message));
  lowerPriority(child, isForLarge ? NICER_FOR_LARGE : NICER);

  const kill = () => {
    isUsable = false;
    child.kill("SIGKILL");
  };

  async function run(call: ComputeCall, input: Buffer): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const giveUp = (error: unknown) => {
      reject(error);
      kill();
    };
    const abort = () => giveUp(call.signal.reason);
    if (call.signal.aborted) abort();
    call.signal.addEventListener("abort", abort, { once: true });
    void ended.then((how) => reject(deathError(call, how, stderr)));
    hold(child);
    let stopWatch = () => {};
    try {
      await Promise.race([ready, promise]);
      stopWatch = watchUsage(child.pid, call, maxShare, giveUp);
      onMessage = (message) => {
        if (message.kind === "progress") call.progress(message.fraction, message.step);
        if (message.kind !== "returned" && message.kind !== "threw") return;
        if (message.isHeavy) kill();
        if (message.kind === "returned") resolve(deserialize(message.output));
        else reject(fromSent(message.error));
      };
      // A process that is gone takes no message; `ended` tells the rest.
      child.send({ type: call.type, name: call.name, input } satisfies CallMessage, () => undefined);
      return await promise;
    } finally {
      stopWatch();
      onMessage = () => undefined;
      call.signal.removeEventListener("abort", abort);
      release(child);
    }
  }

  return { type, memoryMb, isForLarge, run, isUsable: () => isUsable, kill };
}

function forkOf(entry: URL, memoryMb: number): ChildProcess {
  return fork(fileURLToPath(entry), {
    execArgv: [`--max-old-space-size=${memoryMb - OUTSIDE_HEAP_MB}`, "--max-semi-space-size=8", "--expose-gc"],
    // Tells `createBaton` what this process is for.
    env: { ...process.env, BATON_PROCESS: "compute" },
    serialization: "advanced",
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
}

/** How the process ended, once all that it sent and printed has come. */
async function endOf(child: ChildProcess): Promise<string> {
  const how = Promise.withResolvers<string>();
  child.once("error", (error) => how.resolve(error.message));
  child.once("close", (code, signal) => how.resolve(signal ?? `code ${code}`));
  const disconnected = new Promise<void>((resolve) => child.once("disconnect", resolve));
  const answer = await how.promise;
  if (child.connected) await disconnected;
  return answer;
}

async function whenReady(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
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

function deathError({ name }: ComputeCall, how: string, stderr: string): Error {
  // A SIGKILL that was not ours is the system's, when memory runs out.
  if (how === "SIGKILL" || OUT_OF_MEMORY.test(stderr)) return outOfMemory(name);
  return new RetryableError("compute-crashed", `The process of compute function "${name}" ended (${how}).`);
}

function lowerPriority({ pid }: ChildProcess, by: number): void {
  try {
    if (pid !== undefined) setPriority(pid, Math.min(getPriority() + by, NICEST));
  } catch {
    // It is gone already, or this system does not let us: the work is done all the same.
  }
}

/** A process at work keeps the worker's process up; an idle one does not. */
function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  const { stderr } = child;
  if (stderr && "unref" in stderr && typeof stderr.unref === "function") stderr.unref();
}
