import type { Deliverer } from "./delivery.ts";

/** The part of Cloud Scheduler: calls a function every so often, for the first time after the first pause. */
export function startScheduleSource(everyMs: number, deliverer: Deliverer): { stop(): Promise<void> } {
  const timer = setInterval(() => {
    // A call that is still on its way is company enough; the scheduler does not pile them up.
    if (deliverer.size() > 0) return;
    const headers = { "x-cloudscheduler": "true", "x-cloudscheduler-scheduletime": new Date().toISOString() };
    const request = { headers, body: new Uint8Array() };
    deliverer.accept({ id: "schedule", request: () => request, settled: () => {} });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
    },
  };
}
