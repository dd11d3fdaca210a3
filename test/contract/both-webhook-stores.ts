import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { openFirestore } from "../support/firestore.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";

export const T0 = new Date("2026-01-01T00:00:00.000Z");

/** An instant some milliseconds after {@link T0}. */
export function after0(ms: number): Date {
  return new Date(T0.getTime() + ms);
}

/**
 * Runs a contract against the fake and against the real emulator. `stores` are two doors to the same documents: on
 * Firestore those of two processes. Only to be called in tests.
 */
export function onBoth<Store>(
  role: string,
  openFake: () => Store,
  open: (db: Firestore) => Store,
  contract: (stores: () => readonly [Store, Store]) => void,
  projectId = CONTRACT_PROJECT,
): void {
  describe(`memory as ${role}`, () => {
    const store = openFake();
    contract(() => [store, store]);
  });

  describe(`Firestore as ${role}`, () => {
    let databases: Firestore[] = [];
    let stores: readonly [Store, Store] | undefined;
    before(() => {
      const [one, other] = [openFirestore(projectId), openFirestore(projectId)];
      databases = [one, other];
      stores = [open(one), open(other)];
    });
    after(() => Promise.all(databases.map((db) => db.terminate())));
    contract(() => {
      assert.ok(stores);
      return stores;
    });
  });
}
