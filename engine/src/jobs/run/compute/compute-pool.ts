import { type Compute, type ComputeCall, toBytes } from "./compute.ts";
import { type ComputeProcess, startComputeProcess } from "./compute-process.ts";
import { idleProcesses } from "./idle-processes.ts";

/** How a pool of compute processes runs. */
export interface PoolOptions {
  /** A module that calls `serveCalls` with the worker's job types. */
  entry: URL;
  /** The most processes at a time. */
  maxProcesses: number;
  /** The most calls at a time of one owner's jobs: the others' jobs keep the rest of the processor. */
  maxOfOwner: number;
  /** How long a process without a call is kept, in milliseconds. */
  idleMs: number;
}

/** Compute functions in processes of their own. */
export interface ComputePool extends Compute {
  /** Kills all processes. */
  stop(): void;
}

/** An input from this size on makes a call a large one: its process has a lower priority, so that small calls do not wait for it. */
const LARGE_INPUT_BYTES = 32 * 1024;

interface Waiting {
  call: ComputeCall;
  isLarge: boolean;
  start(process: ComputeProcess): void;
}

/**
 * Runs compute functions in other processes, which are reused by later calls of the same job type. A call that finds no
 * free process waits. The next call is of the owner with the fewest at work; of these, of the job with the fewest; of
 * these, the oldest.
 */
export function computePool({ entry, maxProcesses, maxOfOwner, idleMs }: PoolOptions): ComputePool {
  const waiting: Waiting[] = [];
  const working = new Map<ComputeProcess, ComputeCall>();
  const idle = idleProcesses(idleMs);

  function startNext(): void {
    while (working.size < maxProcesses) {
      const next = takeNext(waiting, [...working.values()], maxOfOwner);
      if (!next) return;
      const process = takeProcess(next);
      working.set(process, next.call);
      next.start(process);
    }
  }

  function takeProcess({ call, isLarge }: Waiting): ComputeProcess {
    const found = idle.take(
      ({ type, memoryMb, isForLarge }) =>
        type === call.type && memoryMb === call.limits.memoryMb && isForLarge === isLarge,
    );
    if (found) return found;
    if (working.size + idle.count() >= maxProcesses) idle.discardOldest();
    return startComputeProcess(entry, call, { maxShare: maxProcesses, isForLarge: isLarge });
  }

  function putBack(process: ComputeProcess): void {
    working.delete(process);
    if (process.isUsable()) idle.put(process);
    startNext();
  }

  async function run(call: ComputeCall): Promise<unknown> {
    call.signal.throwIfAborted();
    const input = toBytes(call.input, { code: "invalid-compute-input", function: call.name });
    const process = await free(call, input.length >= LARGE_INPUT_BYTES);
    try {
      return await process.run(call, input);
    } finally {
      putBack(process);
    }
  }

  function free(call: ComputeCall, isLarge: boolean): Promise<ComputeProcess> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(call.signal.reason);
      };
      const entry: Waiting = {
        call,
        isLarge,
        start(process) {
          call.signal.removeEventListener("abort", abort);
          resolve(process);
        },
      };
      call.signal.addEventListener("abort", abort, { once: true });
      waiting.push(entry);
      startNext();
    });
  }

  const stop = () => {
    idle.killAll();
    for (const process of working.keys()) process.kill();
  };
  process.once("exit", stop);
  return { run, stop };
}

/** Takes the next call out of those that wait; undefined when each waits for its own owner's calls `atWork`. */
function takeNext(waiting: Waiting[], atWork: readonly ComputeCall[], maxOfOwner: number): Waiting | undefined {
  let next: { place: number; busy: number } | undefined;
  for (const [place, { call }] of waiting.entries()) {
    const ofOwner = atWork.filter(({ owner }) => owner === call.owner);
    const ofJob = ofOwner.filter(({ jobId }) => jobId === call.jobId);
    // The job's count tells apart only those whose owners have as many.
    const busy = ofOwner.length * (atWork.length + 1) + ofJob.length;
    if (ofOwner.length < maxOfOwner && (!next || busy < next.busy)) next = { place, busy };
  }
  return next && waiting.splice(next.place, 1)[0];
}
