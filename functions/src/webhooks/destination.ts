import type { Delivery } from "../core/webhooks/delivery.ts";
import { JOB_ENDPOINT } from "../core/webhooks/endpoint.ts";

/**
 * Names where a delivery goes, for what is limited there: its endpoint or, at a job's own URL, which no endpoint tells, one owner's URLs at
 * one host together.
 */
export function destinationOf({ endpointId, owner, deliveryId }: Delivery, url: string): string {
  if (endpointId !== JOB_ENDPOINT) return endpointId;
  return URL.canParse(url) ? `job ${owner} ${new URL(url).host}` : deliveryId;
}
