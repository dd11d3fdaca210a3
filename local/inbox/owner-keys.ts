import { COLLECTIONS, liveGenerations, ownerHash, ownerSecret, type SecretGeneration } from "@baton/engine/local";
import { z } from "zod";
import type { KnownKey } from "./verify.ts";

/**
 * Lists what signs at `now` for the `webhookUrl`s of an owner's jobs, the newest first. A rejection means that
 * Firestore is away.
 */
export type OwnerKeys = (owner: string, now: Date) => Promise<KnownKey[]>;

const Generation = z.object({
  generation: z.object({ integerValue: z.coerce.number() }),
  until: z.object({ timestampValue: z.coerce.date() }).optional(),
});
const Generations = z.object({
  arrayValue: z.object({ values: z.array(z.object({ mapValue: z.object({ fields: Generation }) })) }),
});
const Document = z.object({ fields: z.object({ generations: Generations }) });

/**
 * Reads generations from the Firestore emulator, which lets `Bearer owner` read everything, and derives their secrets
 * from `masterSecret`.
 */
export function firestoreOwnerKeys(firestoreHost: string, projectId: string, masterSecret: string): OwnerKeys {
  const root = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents/${COLLECTIONS.ownerSecrets}`;

  async function generationsOf(owner: string): Promise<SecretGeneration[]> {
    const response = await fetch(`${root}/${ownerHash(owner)}`, { headers: { authorization: "Bearer owner" } });
    if (response.status === 404) return [];
    const { values } = Document.parse(await response.json()).fields.generations.arrayValue;
    return values.map(({ mapValue: { fields } }) => ({
      generation: fields.generation.integerValue,
      ...(fields.until && { until: fields.until.timestampValue }),
    }));
  }

  return async (owner, now) => {
    const { newest, overlapping } = liveGenerations(await generationsOf(owner), now);
    const keyOf = (generation: number) => ownerSecret(masterSecret, owner, generation);
    return [
      { name: "the owner's secret", key: keyOf(newest) },
      ...overlapping.map((generation) => ({ name: "the owner's secret before", key: keyOf(generation) })),
    ];
  };
}
