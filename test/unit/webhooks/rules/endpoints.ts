import type { Endpoint } from "../../../../engine/src/webhooks/rules/endpoint.ts";

/** An enabled, healthy endpoint of alice, made on New Year's Day; `given` replaces what it names. */
export function anEndpoint(given: Partial<Endpoint> = {}): Endpoint {
  const createdAt = new Date("2026-01-01T00:00:00.000Z");
  return {
    endpointId: "endpoint1",
    owner: "alice",
    url: "https://hooks.example.com/endpoint?token=t0ken",
    description: "",
    events: [],
    types: [],
    headerNames: [],
    scheme: "v1",
    publicKeys: [],
    health: { failures: 0, alertedPercent: 0 },
    createdAt,
    updatedAt: createdAt,
    ...given,
  };
}
