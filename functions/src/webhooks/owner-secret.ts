import { createHmac } from "node:crypto";

const MIN_MASTER_SECRET_LENGTH = 32;

/**
 * The secret that signs webhooks to the `webhookUrl` of an owner's jobs: `whsec_` and 32 bytes in base64, derived, so
 * that nothing needs storing. Throws when `masterSecret` has fewer than 32 characters.
 */
export function ownerSecret(masterSecret: string, owner: string): string {
  if (masterSecret.length < MIN_MASTER_SECRET_LENGTH) {
    throw new Error(
      `WEBHOOK_MASTER_SECRET has ${masterSecret.length} characters; it needs at least ${MIN_MASTER_SECRET_LENGTH}, chosen at random`,
    );
  }
  return `whsec_${createHmac("sha256", masterSecret).update(`webhook-secret:${owner}`).digest("base64")}`;
}
