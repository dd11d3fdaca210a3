import { type Compute, type ComputeCall, toBytes } from "./compute.ts";
import { type ComputeProcess, startComputeProcess } from "./compute-process.ts";
import { idleProcesses } from "./idle-processes.ts";
import { type WaitingCall, waitingCalls } from "./waiting-calls.ts";

/** Options of a pool of compute processes. */
export interface PoolOptions {
  /** A module that calls `serveCalls` with the worker's job types. */
  entry: URL;
  /** The most processes at a time. */
  maxProcesses: number;
  /** The most calls at a time of one owner's jobs: the others' jobs keep the rest of the processor. */
  maxOfOwner: number;
  /** Time for which an idle process is kept, in milliseconds. */
  idleMs: number;
}

/** Compute functions in processes of their own. */
export interface ComputePool extends Compute {
  /** Kills all processes. */
  stop(): void;
}

/**
 * An input from this size on makes a call a large one: its process has a lower priority, so that small calls do not
 * wait for it.
 */
const LARGE_INPUT_BYTES = 32 * 1024;

/**
 * Runs compute functions in other processes, which are reused by later calls of the same job type. A call that finds no
 * free process waits: see `waitingCalls` for the order.
 */
export function computePool({ entry, maxProcesses, maxOfOwner, idleMs }: PoolOptions): ComputePool {
  const waiting = waitingCalls(maxOfOwner);
  const working = new Map<ComputeProcess, ComputeCall>();
  const idle = idleProcesses(idleMs);

  function startNext(): void {
    while (working.size < maxProcesses) {
      const next = waiting.takeNext([...working.values()]);
      if (!next) return;
      const process = takeProcess(next);
      working.set(process, next.call);
      next.start(process);
    }
  }

  function takeProcess({ call, isLarge }: WaitingCall): ComputeProcess {
    const found = idle.take(
      ({ type, memoryMb, isForLarge }) =>
        type === call.type && memoryMb === call.limits.memoryMb && isForLarge === isLarge,
    );
    if (found) return found;
    if (working.size + idle.count() >= maxProcesses) idle.discardOldest();
    return startComputeProcess(entry, call, { maxShare: maxProcesses, isForLarge: isLarge });
  }

  async function run(call: ComputeCall): Promise<unknown> {
    call.signal.throwIfAborted();
    const input = toBytes(call.input, { code: "invalid-compute-input", function: call.name });
    const started = waiting.add(call, input.length >= LARGE_INPUT_BYTES);
    startNext();
    const process = await started;
    try {
      return await process.run(call, input);
    } finally {
      working.delete(process);
      if (process.isUsable()) idle.put(process);
      startNext();
    }
  }

  const stop = () => {
    idle.killAll();
    for (const process of working.keys()) process.kill();
  };
  process.once("exit", stop);
  return { run, stop };
}
