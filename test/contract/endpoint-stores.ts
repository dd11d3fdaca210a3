import assert from "node:assert/strict";
import sinon from "sinon";
import { memoryAlertStore } from "../../engine/src/testing/memory-alert-store.ts";
import { memoryEndpointStore } from "../../engine/src/testing/memory-endpoint-store.ts";
import { firestoreAlertStore } from "../../engine/src/webhooks/firestore/alert-store.ts";
import { firestoreEndpointStore } from "../../engine/src/webhooks/firestore/endpoint-store.ts";
import type { AlertStore, EndpointStore } from "../../engine/src/webhooks/ports.ts";
import type { Endpoint } from "../../engine/src/webhooks/rules/endpoint.ts";
import { secretBox } from "../../engine/src/webhooks/signing/secret-box.ts";
import { anEndpoint, aSecret } from "../support/webhooks.ts";
import { onBoth } from "./both-webhook-stores.ts";

/** A day, in milliseconds. */
export const DAY_MS = 24 * 60 * 60 * 1000;
/** Seals with one key, whose id is `test`. */
export const box = secretBox(`test:${Buffer.alloc(32, 7).toString("base64")}`);
/** The log of the stores. */
export const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };

/** An endpoint store, and the alerts it wrote. */
export type Store = EndpointStore & { readAlert: AlertStore["read"] };

/** Creates an endpoint, one of 20 at most, and answers it. */
export async function created(store: EndpointStore, given: Partial<Endpoint> = {}, secret = aSecret(), headers = {}) {
  const endpoint = anEndpoint(given);
  assert.equal(await store.create(endpoint, secret, headers, 20), "created");
  return endpoint;
}

/**
 * Runs a contract of endpoint stores against the one in memory and the one on Firestore. Only to be called in tests.
 */
export function onBothEndpointStores(role: string, contract: (stores: () => readonly [Store, Store]) => void): void {
  onBoth<Store>(
    role,
    () => {
      const alerts = memoryAlertStore();
      return { ...memoryEndpointStore(alerts), readAlert: alerts.read };
    },
    (db) => ({ ...firestoreEndpointStore(db, box, log), readAlert: firestoreAlertStore(db).read }),
    contract,
  );
}
