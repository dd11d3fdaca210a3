import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { sendError, sendExists, sendNotFound } from "./answers.ts";
import type { Objects, StoredObject } from "./objects.ts";

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, PUT",
  "access-control-allow-headers": "content-type, x-goog-content-length-range, x-goog-if-generation-match",
};

/**
 * Answers a request to a signed URL, as the XML API does: `GET`, and a `PUT` that keeps to the headers that were
 * signed. Checks when the URL expires, and not its signature, which no key of this machine has made.
 */
export async function answerSigned(
  objects: Objects,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  for (const [name, value] of Object.entries(CORS)) res.setHeader(name, value);
  const [, bucket = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
  const name = rest.join("/");
  if (req.method === "OPTIONS") return void res.writeHead(204).end();
  if (isExpired(url.searchParams)) return sendError(res, 400, "ExpiredToken", "The provided token has expired.");
  if (req.method === "PUT") return put(objects, req, res, { bucket, name });
  const object = objects.find(bucket, name);
  if (!object) return sendNotFound(res, bucket, name);
  const disposition = url.searchParams.get("response-content-disposition");
  if (disposition !== null) res.setHeader("content-disposition", disposition);
  return sendBytes(objects, object, req, res);
}

/** Answers with the bytes of an object, or with the range of them that is asked for. */
export async function sendBytes(
  objects: Objects,
  object: StoredObject,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { bytes, contentType, crc32c, md5Hash, generation } = object;
  const range = rangeOf(req.headers.range, bytes);
  const length = range ? range.end - range.start + 1 : bytes;
  res.writeHead(range ? 206 : 200, {
    "content-type": contentType,
    "content-length": length,
    "x-goog-hash": `crc32c=${crc32c},md5=${md5Hash}`,
    "x-goog-generation": String(generation),
    "x-goog-stored-content-encoding": "identity",
    ...(range && { "content-range": `bytes ${range.start}-${range.end}/${bytes}` }),
  });
  if (req.method === "HEAD" || bytes === 0) return void res.end();
  await pipeline(objects.read(object, range), res);
}

async function put(
  objects: Objects,
  req: IncomingMessage,
  res: ServerResponse,
  { bucket, name }: { bucket: string; name: string },
): Promise<void> {
  const { headers } = req;
  const [least = 0, most = Number.POSITIVE_INFINITY] = String(headers["x-goog-content-length-range"] ?? "")
    .split(",")
    .filter((bound) => bound !== "")
    .map(Number);
  const length = Number(headers["content-length"]);
  if (!(length >= least && length <= most)) {
    req.resume();
    return sendError(res, 400, "EntityTooLarge", `The object has to have ${least} to ${most} bytes.`);
  }
  const contentType = headers["content-type"] ?? "application/octet-stream";
  const mustBeNew = headers["x-goog-if-generation-match"] === "0";
  const stored = await objects.put({ bucket, name, contentType, mustBeNew }, req);
  if (stored === "exists") return sendExists(res);
  res.writeHead(200, { etag: stored.md5Hash }).end();
}

/** `X-Goog-Date` is as in 20261127T160000Z, `X-Goog-Expires` in seconds. */
function isExpired(query: URLSearchParams): boolean {
  const date = (query.get("X-Goog-Date") ?? "").replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    "$1-$2-$3T$4:$5:$6Z",
  );
  const untilMs = Date.parse(date) + Number(query.get("X-Goog-Expires")) * 1000;
  return !(Date.now() <= untilMs);
}

function rangeOf(header: string | undefined, bytes: number): { start: number; end: number } | undefined {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (start === undefined || Number(start) >= bytes) return undefined;
  return { start: Number(start), end: end ? Math.min(Number(end), bytes - 1) : bytes - 1 };
}
