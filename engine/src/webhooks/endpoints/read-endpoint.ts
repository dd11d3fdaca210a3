import { DeliveryId, EndpointId } from "@baton/protocol";
import type { Principal } from "../../accounts/principal.ts";
import { type Refusal, RefusedError } from "../../kit/refusal.ts";
import type { DeliveryStore, EndpointStore, RecoveryStore } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import type { Recovery } from "../rules/recovery.ts";
import { NO_DELIVERY, NO_ENDPOINT, NO_RECOVERY } from "./refusals.ts";

/**
 * Reads the caller's endpoint with this id. Throws the same `RefusedError` for another owner's endpoint, one that does
 * not exist and a text that is no id, for admins too: no caller learns which ids are taken.
 */
export async function ownEndpoint(
  ports: { endpoints: Pick<EndpointStore, "read"> },
  caller: Principal,
  endpointId: string,
): Promise<Endpoint> {
  // A text of another shape never reaches the store: it may contain slashes, or names that Firestore reserves.
  if (!EndpointId.safeParse(endpointId).success) throw new RefusedError(NO_ENDPOINT);
  return owned(await ports.endpoints.read(endpointId), caller, NO_ENDPOINT);
}

/** Reads the caller's delivery with this id, on the same terms. */
export async function ownDelivery(
  ports: { deliveries: Pick<DeliveryStore, "read"> },
  caller: Principal,
  deliveryId: string,
): Promise<Delivery> {
  if (!DeliveryId.safeParse(deliveryId).success) throw new RefusedError(NO_DELIVERY);
  return owned(await ports.deliveries.read(deliveryId), caller, NO_DELIVERY);
}

/** Reads the caller's recovery of this endpoint, on the same terms. */
export async function ownRecovery(
  ports: { endpoints: Pick<EndpointStore, "read">; recoveries: Pick<RecoveryStore, "read"> },
  caller: Principal,
  endpointId: string,
  recoveryId: string,
): Promise<Recovery> {
  await ownEndpoint(ports, caller, endpointId);
  if (!EndpointId.safeParse(recoveryId).success) throw new RefusedError(NO_RECOVERY);
  const recovery = await ports.recoveries.read(recoveryId);
  return owned(recovery?.endpointId === endpointId ? recovery : undefined, caller, NO_RECOVERY);
}

function owned<T extends { owner: string }>(found: T | undefined, caller: Principal, refusal: Refusal): T {
  if (!found || found.owner !== caller.uid) throw new RefusedError(refusal);
  return found;
}
