import { deserialize } from "node:v8";
import { RetryableError } from "../../../job-types/define-job.ts";
import { deferred } from "../../../kit/deferred.ts";
import type { ComputeCall } from "./compute.ts";
import { type ForkedProcess, forkProcess } from "./fork-process.ts";
import { outOfMemory } from "./limit-errors.ts";
import { fromSent } from "./sent-error.ts";
import { watchUsage } from "./watch-usage.ts";

/** A process that runs the compute functions of one job type, one call at a time. */
export interface ComputeProcess {
  readonly type: string;
  readonly memoryMb: number;
  /** It runs calls with a large input, at a lower priority than the others. */
  readonly isForLarge: boolean;
  /**
   * Runs one call with its input as `toBytes` writes it; rejects as `Compute.run` does. Kills the process when the call
   * has to be ended.
   */
  run(call: ComputeCall, input: Buffer): Promise<unknown>;
  /** False once the process is gone, was killed, or holds too much memory to be used again. */
  isUsable(): boolean;
  /** Kills the process; its call ends. */
  kill(): void;
}

const OUT_OF_MEMORY = /heap out of memory|Allocation failed|invalid (?:table )?size|OOM/i;

/** Starts a process for the calls of one job type. `entry` is a module that calls `serveCalls`. */
export function startComputeProcess(
  entry: URL,
  { type, limits: { memoryMb } }: Pick<ComputeCall, "type" | "limits">,
  { maxShare, isForLarge }: { maxShare: number; isForLarge: boolean },
): ComputeProcess {
  const forked = forkProcess(entry, memoryMb, { isForLarge });
  let isUsable = true;
  void forked.ended.then(() => {
    isUsable = false;
  });
  const kill = () => {
    isUsable = false;
    forked.kill();
  };
  return {
    type,
    memoryMb,
    isForLarge,
    run: (call, input) => runCall(forked, call, input, { maxShare, kill }),
    isUsable: () => isUsable,
    kill,
  };
}

async function runCall(
  forked: ForkedProcess,
  call: ComputeCall,
  input: Buffer,
  { maxShare, kill }: { maxShare: number; kill: () => void },
): Promise<unknown> {
  const { promise, resolve, reject } = deferred<unknown>();
  const giveUp = (error: unknown) => {
    reject(error);
    kill();
  };
  const abort = () => giveUp(call.signal.reason);
  if (call.signal.aborted) abort();
  call.signal.addEventListener("abort", abort, { once: true });
  void forked.ended.then((how) => reject(deathError(call, how, forked.stderr())));
  forked.ref();
  let stopWatch = () => {};
  try {
    await Promise.race([forked.ready, promise]);
    stopWatch = watchUsage(forked.pid, call, maxShare, giveUp);
    forked.listen((message) => {
      if (message.kind === "progress") call.progress(message.fraction, message.step);
      if (message.kind !== "returned" && message.kind !== "threw") return;
      if (message.isHeavy) kill();
      if (message.kind === "returned") resolve(deserialize(message.output));
      else reject(fromSent(message.error));
    });
    forked.send({ type: call.type, name: call.name, input });
    return await promise;
  } finally {
    stopWatch();
    forked.listen(() => undefined);
    call.signal.removeEventListener("abort", abort);
    forked.unref();
  }
}

function deathError({ name }: ComputeCall, how: string, stderr: string): Error {
  // A SIGKILL that was not ours is the system's, when memory runs out.
  if (how === "SIGKILL" || OUT_OF_MEMORY.test(stderr)) return outOfMemory(name);
  return new RetryableError("compute-crashed", `The process of compute function "${name}" ended (${how}).`);
}
