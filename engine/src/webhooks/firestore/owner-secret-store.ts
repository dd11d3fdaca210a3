import type { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import { ownerHash } from "../../accounts/owner-hash.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { type Fields, fromFields, toFields } from "../../platform/firestore/documents.ts";
import { retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import { read } from "../../platform/firestore/read-document.ts";
import {
  liveGenerations,
  type OwnerSecretStore,
  rotateGenerations,
  type SecretGeneration,
} from "../rules/owner-secrets.ts";

const Generation: z.ZodType<SecretGeneration> = z.object({
  generation: z.int(),
  rotationId: z.string().exactOptional(),
  until: z.date().exactOptional(),
});
const Stored = z.object({ generations: z.array(Generation).min(1) });

/**
 * The generations of owners' webhook secrets on Firestore: `batonOwnerSecrets/{hash of the owner}`. They do not expire,
 * no erasure deletes them, and they do not name the owner.
 */
export function firestoreOwnerSecretStore(db: Firestore): OwnerSecretStore {
  const at = (owner: string) => db.collection(COLLECTIONS.ownerSecrets).doc(ownerHash(owner));
  return {
    async read(owner, now) {
      const { value = [] } = await read(true, at(owner), generationsFrom);
      return liveGenerations(value, now);
    },

    rotate: (owner, rotationId, overlapUntil, now) =>
      retryConflicts(async () => {
        const { value = [], updateTime } = await read(true, at(owner), generationsFrom);
        const { generations, ...answer } = rotateGenerations(value, { rotationId, overlapUntil }, now);
        if (!generations) return answer;
        const fields = toFields({ generations });
        await (updateTime ? at(owner).update(fields, { lastUpdateTime: updateTime }) : at(owner).create(fields));
        return answer;
      }),
  };
}

function generationsFrom(fields: Fields): SecretGeneration[] {
  return Stored.parse(fromFields(fields)).generations;
}
