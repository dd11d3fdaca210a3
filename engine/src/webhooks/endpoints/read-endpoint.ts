import { DeliveryId, EndpointId } from "@baton/protocol";
import type { Principal } from "../../accounts/principal.ts";

import { ProblemError, type Refusal, reach } from "../../http/problems.ts";
import type { DeliveryStore, EndpointStore, RecoveryStore } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import type { Recovery } from "../rules/recovery.ts";

/**
 * The caller's endpoint with this id. Somebody else's, one that does not exist and a text that is no id all give the same
 * `ProblemError`, to admins as well: nobody learns which ids are taken.
 */
export async function ownEndpoint(
  ports: { endpoints: EndpointStore },
  caller: Principal,
  endpointId: string,
): Promise<Endpoint> {
  // A text of another shape never reaches the store: it may hold slashes or names that Firestore keeps for itself.
  if (!EndpointId.safeParse(endpointId).success) throw new ProblemError(NO_ENDPOINT);
  return owned(await reach("the endpoint store", ports.endpoints.read(endpointId)), caller, NO_ENDPOINT);
}

/** The caller's delivery with this id, on the same terms. */
export async function ownDelivery(
  ports: { deliveries: DeliveryStore },
  caller: Principal,
  deliveryId: string,
): Promise<Delivery> {
  if (!DeliveryId.safeParse(deliveryId).success) throw new ProblemError(NO_DELIVERY);
  return owned(await reach("the delivery store", ports.deliveries.read(deliveryId)), caller, NO_DELIVERY);
}

/** The caller's recovery of this endpoint, on the same terms. */
export async function ownRecovery(
  ports: { endpoints: EndpointStore; recoveries: RecoveryStore },
  caller: Principal,
  endpointId: string,
  recoveryId: string,
): Promise<Recovery> {
  await ownEndpoint(ports, caller, endpointId);
  if (!EndpointId.safeParse(recoveryId).success) throw new ProblemError(NO_RECOVERY);
  const recovery = await reach("the recovery store", ports.recoveries.read(recoveryId));
  return owned(recovery?.endpointId === endpointId ? recovery : undefined, caller, NO_RECOVERY);
}

function owned<T extends { owner: string }>(found: T | undefined, caller: Principal, refusal: Refusal): T {
  if (!found || found.owner !== caller.uid) throw new ProblemError(refusal);
  return found;
}

/** For an id that is none of the caller's endpoints. */
export const NO_ENDPOINT: Refusal = {
  code: "not-found",
  detail: "You have no endpoint with this id. Check the id and who is signed in.",
};

/** For an id that is none of the caller's deliveries. */
export const NO_DELIVERY: Refusal = {
  code: "not-found",
  detail: "You have no delivery with this id. Check the id and who is signed in; deliveries are kept as long as jobs.",
};

const NO_RECOVERY: Refusal = {
  code: "not-found",
  detail: "This endpoint has no recovery with this id. Check the id, or list its recoveries.",
};
