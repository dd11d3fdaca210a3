import { createHash } from "node:crypto";

/**
 * Names an owner without telling who it is: SHA-256, in hexadecimal. For what is kept after the owner's data was
 * erased.
 */
export function ownerHash(owner: string): string {
  return createHash("sha256").update(owner).digest("hex");
}
