import type { Refusal } from "../../kit/refusal.ts";

/** Refuses an id that is not of one of the caller's endpoints. */
export const NO_ENDPOINT: Refusal = {
  code: "not-found",
  detail: "You have no endpoint with this id. Check the id and who is signed in.",
};

/** Refuses an id that is not of one of the caller's deliveries. */
export const NO_DELIVERY: Refusal = {
  code: "not-found",
  detail: "You have no delivery with this id. Check the id and who is signed in; deliveries are kept as long as jobs.",
};

/** Refuses an id that is not of one of the endpoint's recoveries. */
export const NO_RECOVERY: Refusal = {
  code: "not-found",
  detail: "This endpoint has no recovery with this id. Check the id, or list its recoveries.",
};

/** Refuses to send to an endpoint that is disabled. */
export const ENDPOINT_DISABLED: Refusal = {
  code: "endpoint-disabled",
  detail:
    "The endpoint is disabled, so nothing is sent to it. Enable it first: POST /v1/endpoints/{endpointId}/enable.",
};

/** Refuses to send a delivery again whose endpoint was deleted. */
export const ENDPOINT_DELETED: Refusal = {
  code: "endpoint-gone",
  detail: "The endpoint of this delivery has been deleted, so it cannot be sent. Read the job's result instead.",
};
