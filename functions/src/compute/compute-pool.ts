import type { Compute, ComputeCall } from "./compute.ts";
import { type ComputeProcess, startComputeProcess } from "./compute-process.ts";

/** How a pool of compute processes runs. */
export interface PoolOptions {
  /** A module that calls `serveCalls` with the worker's job types. */
  entry: URL;
  /** The most processes at a time. */
  maxProcesses: number;
  /** How long a process without a call is kept, in milliseconds. */
  idleMs: number;
}

/** Compute functions in processes of their own. */
export interface ComputePool extends Compute {
  /** Kills all processes. */
  stop(): void;
}

interface Waiting {
  call: ComputeCall;
  start(process: ComputeProcess): void;
}

/**
 * Runs compute functions in other processes, which are reused by later calls of the same job type. A call that finds no free
 * process waits; the next one is of the job that has the fewest at work, the oldest of those.
 */
export function computePool({ entry, maxProcesses, idleMs }: PoolOptions): ComputePool {
  const waiting: Waiting[] = [];
  const working = new Map<ComputeProcess, string>();
  const idle = new Map<ComputeProcess, NodeJS.Timeout>();

  function startNext(): void {
    while (working.size < maxProcesses) {
      const next = takeNext(waiting, [...working.values()]);
      if (!next) return;
      const process = takeProcess(next.call);
      working.set(process, next.call.jobId);
      next.start(process);
    }
  }

  function takeProcess(call: ComputeCall): ComputeProcess {
    for (const [process, timer] of idle) {
      if (!process.isUsable()) discard(process, timer);
    }
    const fits = ({ type, memoryMb }: ComputeProcess) => type === call.type && memoryMb === call.limits.memoryMb;
    const [found] = [...idle].find(([process]) => fits(process)) ?? [];
    if (found) {
      clearTimeout(idle.get(found));
      idle.delete(found);
      return found;
    }
    const [oldest] = idle;
    if (oldest && working.size + idle.size >= maxProcesses) discard(...oldest);
    return startComputeProcess(entry, call, maxProcesses);
  }

  function discard(process: ComputeProcess, timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    idle.delete(process);
    process.kill();
  }

  function putBack(process: ComputeProcess): void {
    working.delete(process);
    if (process.isUsable()) {
      const timer = setTimeout(() => discard(process, timer), idleMs);
      idle.set(process, timer.unref());
    }
    startNext();
  }

  async function run(call: ComputeCall): Promise<unknown> {
    call.signal.throwIfAborted();
    const process = await free(call);
    try {
      return await process.run(call);
    } finally {
      putBack(process);
    }
  }

  function free(call: ComputeCall): Promise<ComputeProcess> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(call.signal.reason);
      };
      const entry: Waiting = {
        call,
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
    for (const process of [...idle.keys(), ...working.keys()]) process.kill();
  };
  process.once("exit", stop);
  return { run, stop };
}

/** Takes the next call out of those that wait; `atWork` names the job of each process that is busy. */
function takeNext(waiting: Waiting[], atWork: readonly string[]): Waiting | undefined {
  let next: { place: number; busy: number } | undefined;
  for (const [place, { call }] of waiting.entries()) {
    const busy = atWork.filter((jobId) => jobId === call.jobId).length;
    if (!next || busy < next.busy) next = { place, busy };
  }
  return next && waiting.splice(next.place, 1)[0];
}
