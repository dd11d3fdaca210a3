import type { Delivery } from "../rules/delivery.ts";
import { JOB_ENDPOINT } from "../rules/endpoint.ts";

/**
 * Names where a delivery goes, for the limits there: its endpoint, or its owner and the host when it goes to a job's
 * own URL.
 */
export function destinationOf({ endpointId, owner, deliveryId }: Delivery, url: string): string {
  if (endpointId !== JOB_ENDPOINT) return endpointId;
  return URL.canParse(url) ? `job ${owner} ${new URL(url).host}` : deliveryId;
}
