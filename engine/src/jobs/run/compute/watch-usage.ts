import type { ComputeCall } from "./compute.ts";
import { outOfMemory, outOfTime } from "./limit-errors.ts";
import { type ProcessUsage, usageOf } from "./process-usage.ts";

const LOOK_EVERY_MS = 200;

/**
 * Watches the usage of a call's process, and calls `giveUp` with the error when it is over the call's limits. The time
 * is CPU time, so that other work does not make the call fail. By the clock, a call may take `maxShare` times as long,
 * and the time that it waited for a processor. Where the system does not tell the usage of a process, the clock counts
 * alone. The answer ends the watch.
 */
export function watchUsage(
  pid: number | undefined,
  { name, limits: { timeoutMs, memoryMb } }: ComputeCall,
  maxShare: number,
  giveUp: (error: Error) => void,
): () => void {
  const beganAtMs = performance.now();
  let before: ProcessUsage | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const usage = pid === undefined ? undefined : await usageOf(pid);
    if (isStopped) return;
    before ??= usage;
    const waitedMs = usage && before ? usage.waitedMs - before.waitedMs : 0;
    const tookMs = performance.now() - beganAtMs - waitedMs;
    const usedMs = usage && before ? usage.cpuMs - before.cpuMs : tookMs;
    if (usedMs > timeoutMs || tookMs > timeoutMs * maxShare) return giveUp(outOfTime(name, timeoutMs));
    if (usage && usage.residentBytes > memoryMb * 2 ** 20) return giveUp(outOfMemory(name));
    timer = setTimeout(look, LOOK_EVERY_MS);
  }

  void look();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
