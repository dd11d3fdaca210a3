import type { SignatureScheme } from "../rules/endpoint.ts";

/** Makes a fresh secret for an endpoint; of scheme `v1a` with the public key that verifies: `whpk_` + base64. */
export type NewWebhookKey = (scheme: SignatureScheme) => { secret: string; publicKey?: string };

/** Encrypts secrets at rest. Opening needs the `context` of the sealing. */
export interface SecretBox {
  seal(plain: string, context: string): Sealed;
  /** Throws when the key is unknown, or when the box or its context was changed. */
  open(sealed: Sealed, context: string): string;
}

/**
 * A text sealed by AES-256-GCM: base64 of the nonce (12 bytes), and of the ciphertext with its tag (16 bytes) at the
 * end.
 */
export interface Sealed {
  keyId: string;
  nonce: string;
  box: string;
}
