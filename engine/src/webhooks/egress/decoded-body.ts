import type { IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** Why a body is not whole: more bytes than wanted, the deadline, or a connection or an encoding that broke. */
export type BodyCut = "bytes" | "timeout" | "broken";

/** A response's body after its content encoding is undone. */
export interface DecodedBody {
  bytes: Uint8Array;
  /** Absent: the body is whole. */
  cut?: BodyCut;
}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/** More layers are no server's habit, and each one multiplies what a small answer may unfold to. */
const MAX_ENCODINGS = 2;

/**
 * Reads a body up to `maxBytes` after decoding, and no more of it from the network than that takes: a decompression
 * bomb unfolds to `maxBytes` at most. Gives what arrived when the body breaks off. Never rejects.
 */
export async function decodedBody(
  answer: IncomingMessage,
  maxBytes: number,
  signal: AbortSignal,
): Promise<DecodedBody> {
  const decoders = decodersOf(answer.headers["content-encoding"]);
  if (!decoders) return { bytes: new Uint8Array(), cut: "broken" };
  const kept: Uint8Array[] = [];
  let left = maxBytes;
  try {
    for await (const chunk of decoded(answer, decoders)) {
      kept.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left < 0) return { bytes: Buffer.concat(kept), cut: "bytes" };
    }
    return { bytes: Buffer.concat(kept) };
  } catch {
    // What arrived until then may still be read.
    return { bytes: Buffer.concat(kept), cut: signal.aborted ? "timeout" : "broken" };
  }
}

function decodersOf(encoding = ""): (() => NodeJS.ReadWriteStream & Readable)[] | undefined {
  const names = encoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const named = names.filter((name) => name !== "" && name !== "identity");
  // Undone in the reverse of the order in which they were applied (RFC 9110, section 8.4).
  const found = named.toReversed().flatMap((name) => (Object.hasOwn(DECODERS, name) ? [DECODERS[name]] : []));
  const decoders = found.flatMap((make) => (make ? [make] : []));
  return named.length <= MAX_ENCODINGS && decoders.length === named.length ? decoders : undefined;
}

function decoded(
  answer: IncomingMessage,
  decoders: readonly (() => NodeJS.ReadWriteStream & Readable)[],
): AsyncIterable<Uint8Array> {
  let body: Readable = answer;
  for (const make of decoders) {
    // An error in one of them reaches the reader of the last one.
    body = pipeline(body, make(), () => undefined);
  }
  return body;
}
