import { readFile } from "node:fs/promises";

/** The CPU time, waiting time and memory of a process so far. */
export interface ProcessUsage {
  cpuMs: number;
  residentBytes: number;
  /** Time in which its main thread was ready to run while others had the processor; 0 on systems that do not tell. */
  waitedMs: number;
}

/** Linux counts CPU time in ticks of 10 ms and memory in pages of 4 KiB (proc(5)) on the machines of Cloud Run. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** Reads what a process has used; undefined when it is gone, or on systems that do not tell. */
export async function usageOf(pid: number): Promise<ProcessUsage | undefined> {
  try {
    const [text, schedule] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/schedstat`, "utf8").catch(() => ""),
    ]);
    // The second field is the program's name, which may hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [user, system, pages] = [fields[11], fields[12], fields[21]].map(Number);
    if (user === undefined || system === undefined || pages === undefined) return undefined;
    if (![user, system, pages].every(Number.isFinite)) return undefined;
    // The second number, in nanoseconds: https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat
    const waitedMs = Number(schedule.split(" ")[1] ?? 0) / 1e6;
    return { cpuMs: (user + system) * TICK_MS, residentBytes: pages * PAGE_BYTES, waitedMs };
  } catch {
    // No such process, or no such file system.
    return undefined;
  }
}
