import type { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import { shardOf } from "../../kit/shard.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import { type Fields, fromFields, toFields } from "../../platform/firestore/documents.ts";
import { retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import { read } from "../../platform/firestore/read-document.ts";
import type { Erasure, ErasureStore } from "../ports.ts";

/** A request that was never carried out is kept this long, for an operator to find. */
const KEPT_MS = 365 * 24 * 60 * 60 * 1000;

const StoredErasure: z.ZodType<Erasure> = z.object({
  owner: z.string(),
  requestedAt: z.date(),
  dueAt: z.date().exactOptional(),
  shard: z.int(),
  expireAt: z.date(),
});

/** The erasure in the fields of its document; throws a ZodError when the document is not one of Baton's. */
export function erasureFrom(fields: Fields): Erasure {
  return StoredErasure.parse(fromFields(fields));
}

/**
 * The erasure store on Firestore: `batonErasures/{owner}`. Of any number of requests at the same moment the latest
 * instant stays.
 */
export function firestoreErasureStore(db: Firestore): ErasureStore {
  const erasures = db.collection(COLLECTIONS.erasures);
  return {
    async request(owner, now) {
      const document = erasures.doc(documentIdOf(owner));
      return retryConflicts(async () => {
        const { value: before, updateTime } = await read(true, document, erasureFrom);
        // Another instance, whose clock is ahead, may have noted a later instant.
        const requestedAt = before && before.requestedAt > now ? before.requestedAt : now;
        const expireAt = new Date(requestedAt.getTime() + KEPT_MS);
        const erasure: Erasure = { owner, requestedAt, dueAt: now, shard: shardOf(owner), expireAt };
        await (updateTime
          ? document.update(toFields(erasure), { lastUpdateTime: updateTime })
          : document.create(toFields(erasure)));
        return erasure;
      });
    },
  };
}
