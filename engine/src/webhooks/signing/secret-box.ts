import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Sealed, SecretBox } from "./ports.ts";

/**
 * `bad-keys`: the list of keys is malformed. `no-key`: it is empty. `unknown-key`: it lacks the key of a box.
 * `damaged`: the box was changed, or was sealed for another context.
 */
export type SecretBoxErrorCode = "bad-keys" | "no-key" | "unknown-key" | "damaged";

/** The reason why nothing was sealed or opened. Neither it nor its cause contains a key, a context or a secret. */
export class SecretBoxError extends Error {
  override name = "SecretBoxError";
  readonly code: SecretBoxErrorCode;

  constructor(code: SecretBoxErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
/** 96 random bits, enough for 2^32 boxes a key (NIST SP 800-38D, 8.2). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID = /^[\w.-]{1,64}$/;

/**
 * Seals and opens secrets by AES-256-GCM. `encryptionKeys` is `id:base64,id:base64`, each 32 bytes, the newest first.
 * The first key seals, every key opens, so a key is replaced by putting another before it. Throws a `SecretBoxError`
 * for a malformed list. An empty list throws only when a secret is sealed: a deployment without endpoints needs no key.
 */
export function secretBox(encryptionKeys: string): SecretBox {
  const keys = parseKeys(encryptionKeys);
  return {
    seal(plain, context) {
      const [newest] = keys;
      if (!newest) throw new SecretBoxError("no-key", "there is no encryption key to seal a secret with");
      const [keyId, key] = newest;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
      const box = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return { keyId, nonce: nonce.toString("base64"), box: box.toString("base64") };
    },

    open(sealed, context) {
      const key = keys.get(sealed.keyId);
      if (!key) throw new SecretBoxError("unknown-key", "a secret is sealed with an encryption key that is not known");
      try {
        return decrypt(sealed, key, context);
      } catch (cause) {
        throw new SecretBoxError(
          "damaged",
          "a sealed secret cannot be opened: it, or where it is kept, changed",
          cause,
        );
      }
    },
  };
}

function decrypt({ nonce, box }: Sealed, key: Buffer, context: string): string {
  const [iv, bytes] = [Buffer.from(nonce, "base64"), Buffer.from(box, "base64")];
  if (iv.length !== NONCE_BYTES || bytes.length < TAG_BYTES) throw new Error("a nonce or a box has the wrong length");
  const end = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(end));
  return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]).toString("utf8");
}

/** Parses the keys by id, in the order of the list. */
function parseKeys(encryptionKeys: string): Map<string, Buffer> {
  const entries = encryptionKeys.split(",").map((entry) => entry.trim());
  const keys = new Map<string, Buffer>();
  if (encryptionKeys.trim() === "") return keys;
  for (const [index, entry] of entries.entries()) {
    const wrong = (what: string) => new SecretBoxError("bad-keys", `encryption key ${index + 1} ${what}`);
    const colon = entry.indexOf(":");
    const [id, base64] = [entry.slice(0, Math.max(colon, 0)), entry.slice(colon + 1)];
    if (!KEY_ID.test(id))
      throw wrong("has no id: it is <id>:<base64>, the id 1 to 64 letters, digits, and any of _ . -");
    if (keys.has(id)) throw wrong("has the id of another");
    const key = Buffer.from(base64, "base64");
    const isBase64 = key.toString("base64").replace(/=+$/, "") === base64.replace(/=+$/, "");
    if (!isBase64 || key.length !== KEY_BYTES) throw wrong("is not 32 bytes in base64");
    keys.set(id, key);
  }
  return keys;
}
