import type { DelivererOptions } from "../bridge/delivery.ts";
import type { Delivery } from "./fates.ts";
import type { FaultCounts } from "./fault-counts.ts";

type Send = DelivererOptions["send"];

/** Shared by all faults of one cloud. */
export interface FaultContext {
  counts: FaultCounts;
  /** Aborts when the faults end: nothing fails, waits or is cut off from then on. */
  calm: AbortSignal;
}

/** Status of a delivery that was made to fail. */
const UNAVAILABLE = 503;

/** Sends as `send` does, except where `nextDelivery` decides that the delivery fails or is cut off. */
export function faultySend(send: Send, nextDelivery: () => Delivery, { counts, calm }: FaultContext): Send {
  return async (request, signal) => {
    if (calm.aborted) return send(request, signal);
    const { fails, cutAfterMs } = nextDelivery();
    if (fails === "before") {
      counts.failedBefore += 1;
      return UNAVAILABLE;
    }
    if (fails === undefined && cutAfterMs !== undefined)
      return sendAndCut(send, cutAfterMs, { counts, calm })(request, signal);
    const status = await send(request, signal);
    if (fails === undefined || calm.aborted) return status;
    counts.failedAfter += 1;
    return UNAVAILABLE;
  };
}

function sendAndCut(send: Send, cutAfterMs: number, { counts, calm }: FaultContext): Send {
  return async (request, signal) => {
    const cut = new AbortController();
    const timer = setTimeout(() => {
      if (calm.aborted) return;
      counts.cut += 1;
      cut.abort(new Error(`cut off after ${cutAfterMs} ms`));
    }, cutAfterMs);
    try {
      return await send(request, AbortSignal.any([signal, cut.signal]));
    } catch (error) {
      // Node's client says only that it was aborted; the log says by what.
      throw cut.signal.aborted ? cut.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  };
}
