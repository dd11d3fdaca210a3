import { readFile } from "node:fs/promises";
import { cpus } from "node:os";

/** What was seen of the machine and of some processes. */
export interface Usage {
  /** Of all cores, emulators and measurement included. */
  cpuPercent: number;
  /** Largest resident memory by name, in MiB; 0 where there is no `/proc`. */
  maxResidentMib: Record<string, number>;
}

const EVERY_MS = 250;

/** Watches processes by their names until it is asked what it saw; `pidOf` is asked each time, since processes are replaced. */
export function watchProcesses(names: readonly string[], pidOf: (name: string) => number | undefined): () => Usage {
  const maxResidentMib: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  const look = async (name: string) => {
    const mib = await residentMib(pidOf(name));
    maxResidentMib[name] = Math.max(maxResidentMib[name] ?? 0, mib);
  };
  const before = cpuTimes();
  const timer = setInterval(() => void Promise.all(names.map(look)), EVERY_MS);
  return () => {
    clearInterval(timer);
    const after = cpuTimes();
    const busy = (after.busy - before.busy) / (after.all - before.all);
    return { cpuPercent: Math.round(busy * 100), maxResidentMib };
  };
}

/** A process that is gone, or just starting, has none. */
async function residentMib(pid: number | undefined): Promise<number> {
  const status = pid === undefined ? "" : await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? "0";
  return Math.round(Number(kib) / 1024);
}

/** Milliseconds since the machine started, of all cores together. */
function cpuTimes(): { busy: number; all: number } {
  const times = cpus().map(({ times }) => times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const all = times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.irq + time.idle, 0);
  return { busy: all - idle, all };
}
