import { readFile } from "node:fs/promises";

/** Measurements of the machine and of some processes. */
export interface Usage {
  /** How much of all cores was used, emulators and measurement included. */
  cpuPercent: number;
  /** How much of them a virtual machine did not get from its host: figures taken while it is large tell of the host. */
  stolenPercent: number;
  /** Largest resident memory by name, in MiB. */
  maxResidentMib: Record<string, number>;
}

const EVERY_MS = 250;

/**
 * Watches processes by their names until it is asked what it saw; `pidOf` is asked each time, since processes are
 * replaced. All is 0 where there is no `/proc`.
 */
export async function watchProcesses(
  names: readonly string[],
  pidOf: (name: string) => number | undefined,
): Promise<() => Promise<Usage>> {
  const maxResidentMib: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  const look = async (name: string) => {
    const mib = await residentMib(pidOf(name));
    maxResidentMib[name] = Math.max(maxResidentMib[name] ?? 0, mib);
  };
  const before = await cpuTimes();
  const timer = setInterval(() => void Promise.all(names.map(look)), EVERY_MS);
  return async () => {
    clearInterval(timer);
    const after = await cpuTimes();
    const percent = (name: keyof CpuTimes) =>
      Math.round(((after[name] - before[name]) * 100) / Math.max(1, after.all - before.all));
    return { cpuPercent: percent("used"), stolenPercent: percent("stolen"), maxResidentMib };
  };
}

/** Resident memory of a process. One that is gone, or just starting, has none. */
export async function residentMib(pid: number | undefined): Promise<number> {
  const status = pid === undefined ? "" : await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? "0";
  return Math.round(Number(kib) / 1024);
}

/** Ticks of all cores together, since the machine started. */
interface CpuTimes {
  all: number;
  used: number;
  stolen: number;
}

/** The first line of `/proc/stat`: https://man7.org/linux/man-pages/man5/proc_stat.5.html */
async function cpuTimes(): Promise<CpuTimes> {
  const stat = await readFile("/proc/stat", "utf8").catch(() => "");
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, stolen = 0] =
    /^cpu +(.*)$/m.exec(stat)?.[1]?.split(" ").map(Number) ?? [];
  const used = user + nice + system + irq + softIrq;
  return { all: used + idle + ioWait + stolen, used, stolen };
}
