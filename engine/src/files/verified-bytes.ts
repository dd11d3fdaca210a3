import { createHash } from "node:crypto";

/**
 * The bytes that `open` gives, as they come. Ends with an error when they are gone, when they are not as many, or when
 * they do not have the SHA-256.
 */
export async function* verifiedBytes(
  name: string,
  open: () => Promise<AsyncIterable<Uint8Array> | undefined>,
  expected: { bytes: number; sha256?: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = await open();
  if (!source) throw new Error(`The bytes of file "${name}" are gone.`);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    hash.update(chunk);
    yield chunk;
  }
  const isSame = bytes === expected.bytes && (expected.sha256 ?? hash.copy().digest("hex")) === hash.digest("hex");
  if (!isSame) throw new Error(`The bytes of file "${name}" are not those that were written.`);
}
