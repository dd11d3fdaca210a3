import { isDue, type Recurrence } from "../manifest/recurrence.ts";
import type { Deliverer } from "./delivery.ts";

/** Calls of one function by the clock. */
export interface ScheduleSource {
  stop(): Promise<void>;
}

/**
 * The part of Cloud Scheduler. A schedule of minutes calls every so often, for the first time after the first pause,
 * with minutes of `minuteMs`; one of a calendar calls at the beginning of each of its minutes, by the real clock.
 */
export function startScheduleSource(
  recurrence: Recurrence,
  minuteMs: number,
  deliverer: Pick<Deliverer, "accept" | "size">,
): ScheduleSource {
  const call = () => callOnce(deliverer);
  if (recurrence.every === "match") return startCalendar(() => isDue(recurrence, new Date()), call);
  const timer = setInterval(call, recurrence.minutes * minuteMs);
  return {
    async stop() {
      clearInterval(timer);
    },
  };
}

const MINUTE_MS = 60_000;

/** Asks `isTime` at the beginning of each minute of the clock. */
function startCalendar(isTime: () => boolean, call: () => void): ScheduleSource {
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS));
  };
  const tick = () => {
    if (isTime()) call();
    wait();
  };
  wait();
  return {
    async stop() {
      clearTimeout(timer);
    },
  };
}

function callOnce(deliverer: Pick<Deliverer, "accept" | "size">): void {
  // A call that is still on its way is company enough; the scheduler does not pile them up.
  if (deliverer.size() > 0) return;
  const headers = { "x-cloudscheduler": "true", "x-cloudscheduler-scheduletime": new Date().toISOString() };
  const request = { headers, body: new Uint8Array() };
  deliverer.accept({ id: "schedule", request: () => request, settled: () => {} });
}
