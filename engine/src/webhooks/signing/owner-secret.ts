import { createHmac } from "node:crypto";
import type { OwnerSecretStore, OwnerSecrets } from "../rules/owner-secrets.ts";

const MIN_MASTER_SECRET_LENGTH = 32;

/**
 * Derives the secret that signs webhooks to the `webhookUrl` of an owner's jobs: `whsec_` + base64 of 32 bytes. It is
 * not stored. Throws when `masterSecret` has fewer than 32 characters.
 */
export function ownerSecret(masterSecret: string, owner: string, generation = 0): string {
  if (masterSecret.length < MIN_MASTER_SECRET_LENGTH) {
    throw new Error(
      `WEBHOOK_MASTER_SECRET has ${masterSecret.length} characters; ` +
        `it needs at least ${MIN_MASTER_SECRET_LENGTH}, chosen at random`,
    );
  }
  // The colon separates the prefix, so that no two pairs of owner and generation derive from the same text.
  const prefix = generation === 0 ? "webhook-secret" : `webhook-secret-${generation}`;
  return `whsec_${createHmac("sha256", masterSecret).update(`${prefix}:${owner}`).digest("base64")}`;
}

/** Derives the secrets of owners from `masterSecret`, by the generations in `store`. */
export function ownerSecrets(masterSecret: string, store: OwnerSecretStore): OwnerSecrets {
  return {
    async read(owner, now) {
      const { newest, overlapping } = await store.read(owner, now);
      const secretOf = (generation: number) => ownerSecret(masterSecret, owner, generation);
      return { newest: secretOf(newest), overlapping: overlapping.map(secretOf) };
    },

    async rotate(owner, rotationId, overlapUntil, now) {
      const answer = await store.rotate(owner, rotationId, overlapUntil, now);
      if (answer.outcome === "too-many") return answer;
      return { outcome: "rotated", secret: ownerSecret(masterSecret, owner, answer.generation) };
    },
  };
}
