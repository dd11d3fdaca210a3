import type { WebhookEventType } from "@baton/protocol";
import type { Endpoint } from "./endpoint.ts";

/**
 * Says whether an endpoint wants an event. `jobType` is the type of the job that the event is about, absent for other
 * events. A test event is always wanted.
 */
export function wants(
  endpoint: Pick<Endpoint, "events" | "types">,
  event: WebhookEventType,
  jobType?: string,
): boolean {
  if (event === "endpoint.test") return true;
  const wantsEvent = endpoint.events.length === 0 || endpoint.events.includes(event);
  return wantsEvent && (jobType === undefined || endpoint.types.length === 0 || endpoint.types.includes(jobType));
}
