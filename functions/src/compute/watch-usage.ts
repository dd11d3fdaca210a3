import type { ComputeCall } from "./compute.ts";
import { outOfMemory, outOfTime } from "./limit-errors.ts";
import { type ProcessUsage, usageOf } from "./process-usage.ts";

const LOOK_EVERY_MS = 200;

/**
 * Watches what the process of a call uses, and calls `giveUp` with the error when it is more than the call's limits. The time is CPU
 * time, so that work beside others does not fail for their sake; by the clock, a call may take `maxShare` times as long,
 * and as much longer as it waited for a processor.
 * Where the system does not tell what a process uses, the clock counts alone. The answer ends the watch.
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
