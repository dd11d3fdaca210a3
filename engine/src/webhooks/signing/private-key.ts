/** An ed25519 key pair, 32 bytes each. */
export interface KeyPair {
  seed: Buffer;
  publicKey: Buffer;
}

const PREFIX = "whsk_";
const SEED_BYTES = 32;
const KEY_PAIR_BYTES = 64;

/** Says whether a secret is an ed25519 private key by its prefix, well-formed or not. */
export function isPrivateKey(secret: string): boolean {
  return secret.startsWith(PREFIX);
}

/** Writes a private key as Standard Webhooks 1.0.0 does: `whsk_` + base64 of the seed, then the public key. */
export function formatPrivateKey({ seed, publicKey }: KeyPair): string {
  return `${PREFIX}${Buffer.concat([seed, publicKey]).toString("base64")}`;
}

/** Reads a private key in that format; undefined for anything else. Does not check that the two halves fit. */
export function parsePrivateKey(secret: string): KeyPair | undefined {
  if (!isPrivateKey(secret)) return undefined;
  const bytes = Buffer.from(secret.slice(PREFIX.length), "base64");
  if (bytes.length !== KEY_PAIR_BYTES) return undefined;
  return { seed: bytes.subarray(0, SEED_BYTES), publicKey: bytes.subarray(SEED_BYTES) };
}
