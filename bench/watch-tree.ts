import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { round } from "./results.ts";
import { residentMib } from "./watch-processes.ts";

/** Memory and processor time of a process and of all below it. */
interface Use {
  mib: number;
  /** Since it started, with that of the processes below it that have ended. */
  cpuSeconds: number;
}

const NO_USE: Use = { mib: 0, cpuSeconds: 0 };
const EVERY_MS = 200;

/** Use of the machine by a process and its programs between two instants, in milliseconds of its clock. */
export interface TreeWatch {
  used(fromMs: number, untilMs: number): { cpuSeconds: number; peakMib: number };
  stop(): Promise<void>;
}

/**
 * Samples the memory and the processor time of a process and of all processes below it until it is stopped; `rootPid`
 * is asked each time. Memory that two processes share counts twice. All is 0 where there is no `/proc`.
 */
export function watchTree(rootPid: () => number | undefined): TreeWatch {
  const samples: (Use & { atMs: number })[] = [];
  const stopping = new AbortController();
  const sample = async () => {
    const pid = rootPid();
    samples.push({ ...(pid === undefined ? NO_USE : await useOf(pid)), atMs: Date.now() });
  };
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await sample();
      await pause(EVERY_MS);
    }
    await sample();
  })();
  return {
    used(fromMs, untilMs) {
      const before = samples.findLast(({ atMs }) => atMs <= fromMs) ?? samples[0];
      const within = samples.filter(({ atMs }) => atMs > fromMs && atMs <= untilMs);
      const [from, until] = [before, within.at(-1) ?? before].map((one) => one?.cpuSeconds ?? 0);
      return {
        cpuSeconds: round(Math.max(0, (until ?? 0) - (from ?? 0))),
        peakMib: Math.max(0, ...[...(before ? [before] : []), ...within].map(({ mib }) => mib)),
      };
    },
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

async function useOf(pid: number): Promise<Use> {
  const [mib, cpuSeconds, children] = await Promise.all([residentMib(pid), cpuSecondsOf(pid), childrenOf(pid)]);
  const below = await Promise.all(children.map(useOf));
  return below.reduce((sum, use) => ({ mib: sum.mib + use.mib, cpuSeconds: sum.cpuSeconds + use.cpuSeconds }), {
    mib,
    cpuSeconds,
  });
}

/** Ticks of a process and of its ended children, a hundred a second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** The processes that the threads of a process have started. One that is gone has none. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const read = (thread: string) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "");
  const lists = await Promise.all(threads.map(read));
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}
