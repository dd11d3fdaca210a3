import { createHash } from "node:crypto";
import { PermanentError } from "../job-types/job-errors.ts";
import type { FileData } from "../job-types/job-files.ts";
import { describeKind } from "../kit/describe-kind.ts";

/** The bytes of a file on their way, and what they come to. */
export interface MeasuredData {
  source: AsyncIterable<Uint8Array>;
  /** Size and SHA-256 of what `source` has given so far. */
  total(): { bytes: number; sha256: string };
}

/**
 * Measures the data of file `name` as it is read, once. Throws a PermanentError for what is no data, and for more than
 * `maxBytes`; of a stream, reading rejects with it.
 */
export function measuredData(name: string, data: FileData, maxBytes: number): MeasuredData {
  const whole = typeof data === "string" || data instanceof Uint8Array ? bytesOf(name, data) : undefined;
  if (whole && whole.byteLength > maxBytes) throw tooLarge(name, maxBytes);
  const hash = createHash("sha256");
  let bytes = 0;

  async function* read(pieces: Iterable<unknown> | AsyncIterable<unknown>) {
    for await (const piece of pieces) {
      const chunk = bytesOf(name, piece);
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(name, maxBytes);
      hash.update(chunk);
      yield chunk;
    }
  }

  return {
    source: read(whole ? [whole] : streamOf(name, data)),
    total: () => ({ bytes, sha256: hash.copy().digest("hex") }),
  };
}

function bytesOf(name: string, piece: unknown): Uint8Array {
  if (typeof piece === "string") return Buffer.from(piece);
  if (piece instanceof Uint8Array) return piece;
  throw invalid(name, `a piece of its data ${describeKind(piece)}; it has to be text or a Uint8Array`);
}

function streamOf(name: string, data: unknown): Iterable<unknown> | AsyncIterable<unknown> {
  if (isIterable(data)) return data;
  throw invalid(name, `its data ${describeKind(data)}; it has to be text, a Uint8Array or a stream of them`);
}

function isIterable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof data === "object" && data !== null && (Symbol.asyncIterator in data || Symbol.iterator in data);
}

function invalid(name: string, what: string): PermanentError {
  return new PermanentError("invalid-file", `File "${name}": ${what}.`);
}

function tooLarge(name: string, maxBytes: number): PermanentError {
  return new PermanentError(
    "file-too-large",
    `File "${name}" has more than the ${maxBytes} bytes that a file may have.`,
  );
}
