import type { ComputeProcess } from "./compute-process.ts";

/** Processes without a call, kept for later calls. */
export interface IdleProcesses {
  count(): number;
  /** Keeps a process until it is taken, or kills it once its time is over. */
  put(process: ComputeProcess): void;
  /** Takes out the process kept longest of those that fit; kills those that cannot be used any more. */
  take(fits: (process: ComputeProcess) => boolean): ComputeProcess | undefined;
  /** Kills the process kept longest, if there is one. */
  discardOldest(): void;
  killAll(): void;
}

/** Keeps each idle process for `idleMs` milliseconds. */
export function idleProcesses(idleMs: number): IdleProcesses {
  const timers = new Map<ComputeProcess, NodeJS.Timeout>();

  function takeOut(process: ComputeProcess): ComputeProcess {
    clearTimeout(timers.get(process));
    timers.delete(process);
    return process;
  }

  return {
    count: () => timers.size,
    put(process) {
      timers.set(process, setTimeout(() => takeOut(process).kill(), idleMs).unref());
    },
    take(fits) {
      for (const process of timers.keys()) {
        if (!process.isUsable()) takeOut(process).kill();
      }
      const found = [...timers.keys()].find(fits);
      return found && takeOut(found);
    },
    discardOldest() {
      const [oldest] = timers.keys();
      if (oldest) takeOut(oldest).kill();
    },
    killAll() {
      for (const process of timers.keys()) process.kill();
    },
  };
}
