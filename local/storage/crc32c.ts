/** The polynomial of CRC-32C (Castagnoli), reversed: RFC 3720, B.4. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** A CRC-32C, which Cloud Storage has of each object. */
export interface Crc32c {
  update(bytes: Uint8Array): void;
  /** Base64 of its four bytes, the highest first. */
  digest(): string;
}

export function crc32c(): Crc32c {
  let crc = 0xffffffff;
  return {
    update(bytes) {
      for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    },
    digest() {
      const result = Buffer.alloc(4);
      result.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
      return result.toString("base64");
    },
  };
}
