import { deserialize, getHeapStatistics } from "node:v8";
import type { JobType } from "../../../job-types/define-job.ts";
import { OUTSIDE_HEAP_MB, toBytes } from "./compute.ts";
import { functionOf } from "./function-of.ts";
import type { CallMessage, ComputeMessage } from "./messages.ts";
import { copyable, toSent } from "./sent-error.ts";

/**
 * A process that holds more than this share of its memory after a call is not used again: the next call has the rest at
 * least.
 */
const HEAVY_SHARE = 0.6;

/**
 * Makes this process a compute process: it takes the calls of the worker that started it, one at a time, and ends with
 * that worker. An error that no call caught ends the call under way and then the process.
 */
export function serveCalls(types: ReadonlyMap<string, JobType>): void {
  process.on("disconnect", () => process.exit());
  process.on("uncaughtException", (error) => {
    send({ kind: "threw", error: toSent(error), isHeavy: true }, () => process.exit(1));
  });
  process.on("message", (message: CallMessage) => void answer(types, message));
  send({ kind: "ready" });
}

async function answer(types: ReadonlyMap<string, JobType>, { type, name, input }: CallMessage): Promise<void> {
  // The worker ignores, and logs, a wrong report; one that cannot even be sent must not end the call.
  const progress = (fraction: number, step?: string) => {
    const sent = copyable(step);
    send({ kind: "progress", fraction: copyable(fraction) ?? Number.NaN, ...(sent !== undefined && { step: sent }) });
  };
  try {
    const returned = await functionOf(types, type, name)(deserialize(input), { progress });
    const output = toBytes(returned, { code: "invalid-compute-output", function: name });
    send({ kind: "returned", output, isHeavy: isHeavy() });
  } catch (error) {
    send({ kind: "threw", error: toSent(error), isHeavy: isHeavy() });
  }
}

function send(message: ComputeMessage, then: () => void = () => undefined): void {
  // The worker has ended; `disconnect` ends this process.
  process.send?.(message, then);
}

/** Garbage on the heap does not count: it is collected before that is called heavy. */
function isHeavy(): boolean {
  const { heap_size_limit: limit } = getHeapStatistics();
  if (process.memoryUsage.rss() > (limit + OUTSIDE_HEAP_MB * 2 ** 20) * HEAVY_SHARE) return true;
  const holdsMuch = () => getHeapStatistics().used_heap_size > limit * HEAVY_SHARE;
  if (!holdsMuch()) return false;
  globalThis.gc?.();
  return holdsMuch();
}
