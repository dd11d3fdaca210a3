import type { IncomingMessage } from "node:http";

/** An upload of metadata and bytes in one request. */
export interface RelatedParts {
  metadata: unknown;
  data: AsyncIterable<Uint8Array>;
}

/**
 * Reads a `multipart/related` body of two parts: JSON, and the bytes of an object (RFC 2387). Holds all of it in
 * memory: clients send what is large in chunks. Throws when it is none.
 */
export async function parseRelated(req: IncomingMessage): Promise<RelatedParts> {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;]+))/.exec(req.headers["content-type"] ?? "") ?? [];
  const boundary = `--${quoted ?? plain ?? ""}`;
  const body = Buffer.concat(await chunksOf(req));
  const begins = placesOf(body, boundary);
  const [first = 0, second = 0, end = 0] = begins;
  if (begins.length < 3) throw new Error("The body does not have two parts.");
  const metadata = contentOf(body.subarray(first + boundary.length, second));
  const data = contentOf(body.subarray(second + boundary.length, end));
  return { metadata: JSON.parse(metadata.toString()), data: once(data) };
}

async function chunksOf(req: IncomingMessage): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return chunks;
}

/** The first two places of the boundary and the last one: the bytes between may hold it, too. */
function placesOf(body: Buffer, boundary: string): number[] {
  const first = body.indexOf(boundary);
  const second = body.indexOf(boundary, first + boundary.length);
  const last = body.lastIndexOf(boundary);
  return [...new Set([first, second, last])].filter((place) => place >= 0);
}

/** The bytes between a part's blank line and the line break before the next boundary. */
function contentOf(part: Buffer): Buffer {
  const blank = part.indexOf("\r\n\r\n");
  return part.subarray(blank + 4, part.length - 2);
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}
