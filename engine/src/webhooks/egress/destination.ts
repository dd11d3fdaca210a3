import type { Delivery } from "../rules/delivery.ts";
import { JOB_ENDPOINT } from "../rules/endpoint.ts";

/** Names the destination of a delivery for its limits: the endpoint, or the owner and the host of a job's own URL. */
export function destinationOf({ endpointId, owner, deliveryId }: Delivery, url: string): string {
  if (endpointId !== JOB_ENDPOINT) return endpointId;
  return URL.canParse(url) ? `job ${owner} ${new URL(url).host}` : deliveryId;
}
