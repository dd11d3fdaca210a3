import type { Endpoint } from "../../../../engine/src/webhooks/rules/endpoint.ts";
import { anEndpoint as endpointOf } from "../../../support/webhooks.ts";

/** An enabled, healthy endpoint of alice, made on New Year's Day; `given` replaces what it names. */
export function anEndpoint(given: Partial<Endpoint> = {}): Endpoint {
  const url = "https://hooks.example.com/endpoint?token=t0ken";
  return endpointOf({ endpointId: "endpoint1", owner: "alice", url, ...given });
}
