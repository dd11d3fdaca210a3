import assert from "node:assert/strict";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { anApi, NOW } from "./an-api.ts";

/** The id of the endpoint of these tests. */
export const ID = "BBBBBBBBBBBBBBBBBBB1";
/** Its path. */
export const PATH = `/v1/endpoints/${ID}`;

/** An API on which alice has the endpoint `ID`, which signs with `whsec_1`. */
export async function anEndpoint(scheme: "v1" | "v1a" = "v1") {
  const api = anApi();
  assert.equal((await api.send("POST", "/v1/endpoints", { url: "https://example.com/", scheme })).status, 201);
  return api;
}

/** Stores a delivery of alice's for that endpoint that waits for its first attempt. */
export function pending({ deliveries }: ReturnType<typeof anApi>, digit: string) {
  const deliveryId = `msg_${digit.repeat(32)}`;
  const about = { deliveryId, owner: "alice", endpointId: ID, event: "job.completed" as const, expireAt: NOW };
  deliveries.put(newDelivery(about, { state: "pending", nextAttemptAt: NOW }, NOW));
  return deliveryId;
}
