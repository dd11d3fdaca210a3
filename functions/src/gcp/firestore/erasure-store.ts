import type { Firestore } from "@google-cloud/firestore";
import type { Erasure, ErasureStore } from "../../core/erasure.ts";
import { shardOf } from "../../core/shard.ts";
import { documentIdOf } from "./document-id.ts";
import { toFields } from "./documents.ts";

/** A request that was never carried out is kept this long, for an operator to find. */
const KEPT_MS = 365 * 24 * 60 * 60 * 1000;

/** The erasure store on Firestore: `erasures/{owner}`. */
export function firestoreErasureStore(db: Firestore): ErasureStore {
  const erasures = db.collection("erasures");
  return {
    async request(owner, now) {
      const expireAt = new Date(now.getTime() + KEPT_MS);
      const erasure: Erasure = { owner, requestedAt: now, dueAt: now, shard: shardOf(owner), expireAt };
      await erasures.doc(documentIdOf(owner)).set(toFields(erasure));
      return erasure;
    },
  };
}
