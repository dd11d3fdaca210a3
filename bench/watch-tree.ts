import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { residentMib } from "./watch-processes.ts";

/** Resident memory of a process and of all below it, at an instant of the machine's clock. */
interface Sample {
  atMs: number;
  mib: number;
}

const EVERY_MS = 200;

/** Memory of a process and its programs over time. */
export interface TreeWatch {
  /** The most memory between two instants; 0 where no sample lies between them. */
  peakMib(fromMs: number, untilMs: number): number;
  stop(): Promise<void>;
}

/**
 * Samples the memory of a process and of all processes below it until it is stopped; `rootPid` is asked each time.
 * Pages that two processes share count twice. All is 0 where there is no `/proc`.
 */
export function watchTree(rootPid: () => number | undefined): TreeWatch {
  const samples: Sample[] = [];
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      samples.push({ atMs: Date.now(), mib: await treeMib(rootPid()) });
      await pause(EVERY_MS);
    }
  })();
  return {
    peakMib: (fromMs, untilMs) =>
      Math.max(0, ...samples.filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs).map(({ mib }) => mib)),
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

async function treeMib(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const below = await Promise.all((await childrenOf(pid)).map(treeMib));
  return below.reduce((sum, mib) => sum + mib, await residentMib(pid));
}

/** The processes that the threads of a process have started. One that is gone has none. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const read = (thread: string) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "");
  const lists = await Promise.all(threads.map(read));
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}
