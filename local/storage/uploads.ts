import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { readBody } from "../http.ts";
import { resourceOf, sendError, sendExists, sendJson } from "./answers.ts";
import { parseRelated } from "./multipart.ts";
import type { NewObject, Objects, StoredObject } from "./objects.ts";

/** The JSON API's uploads below `/upload/storage/v1/b/{bucket}/o`. */
export interface Uploads {
  /** `POST`: an upload in one request, or the beginning of one in chunks. */
  begin(req: IncomingMessage, res: ServerResponse, bucket: string, query: URLSearchParams): Promise<void>;
  /** `PUT`: a chunk. */
  continue(req: IncomingMessage, res: ServerResponse, uploadId: string): Promise<void>;
}

/** An upload in chunks; what came of it is in the file at `path`. */
interface Session {
  object: NewObject;
  path: string;
  bytes: number;
}

const Metadata = z.object({ name: z.string().optional(), contentType: z.string().optional() });
const MAX_METADATA_BYTES = 64 * 1024;
const OCTETS = "application/octet-stream";
/**
 * The status of a chunk that is not the last: https://docs.cloud.google.com/storage/docs/performing-resumable-uploads
 */
const RESUME_INCOMPLETE = 308;

export function uploadsInto(objects: Objects, folder: string): Uploads {
  const sessions = new Map<string, Session>();

  function open(req: IncomingMessage, res: ServerResponse, object: NewObject): void {
    const uploadId = randomUUID();
    sessions.set(uploadId, { object, path: join(folder, uploadId), bytes: 0 });
    const query = new URLSearchParams({ uploadType: "resumable", upload_id: uploadId });
    const location = `http://${req.headers.host}/upload/storage/v1/b/${object.bucket}/o?${query}`;
    res.writeHead(200, { location, "x-guploader-uploadid": uploadId }).end();
  }

  return {
    async begin(req, res, bucket, query) {
      const type = query.get("uploadType");
      const facts = { bucket, mustBeNew: query.get("ifGenerationMatch") === "0" };
      const named = query.get("name") ?? undefined;
      const objectOf = ({ name = named, contentType = OCTETS }: z.infer<typeof Metadata>) =>
        name === undefined ? undefined : { ...facts, name, contentType };
      if (type === "resumable") {
        const body = await readBody(req, MAX_METADATA_BYTES);
        const sent = req.headers["x-upload-content-type"];
        const contentType = typeof sent === "string" ? { contentType: sent } : {};
        const object = objectOf({ ...contentType, ...Metadata.parse(JSON.parse(body || "{}")) });
        return object ? open(req, res, object) : sendError(res, 400, "required", "The object has no name.");
      }
      const part = type === "multipart" ? await parseRelated(req) : { data: req };
      const contentType = req.headers["content-type"] ?? OCTETS;
      const object = objectOf("metadata" in part ? Metadata.parse(part.metadata) : { contentType });
      if (!object) return sendError(res, 400, "required", "The object has no name.");
      sendStored(res, await objects.put(object, part.data));
    },

    async continue(req, res, uploadId) {
      const session = sessions.get(uploadId);
      if (!session) return sendError(res, 404, "notFound", "There is no such upload.");
      const { start = 0, total } = contentRangeOf(req);
      const isNext = start === session.bytes && req.headers["content-length"] !== "0";
      if (isNext) await append(session, req);
      else req.resume();
      const isLast = total === session.bytes || (total === undefined && req.headers["content-range"] === undefined);
      if (!isLast) {
        res.writeHead(RESUME_INCOMPLETE, session.bytes > 0 ? { range: `bytes=0-${session.bytes - 1}` } : {}).end();
        return;
      }
      sessions.delete(uploadId);
      const data = session.bytes > 0 ? createReadStream(session.path) : nothing();
      const stored = await objects.put(session.object, data);
      await rm(session.path, { force: true });
      sendStored(res, stored);
    },
  };
}

function sendStored(res: ServerResponse, stored: StoredObject | "exists"): void {
  if (stored === "exists") sendExists(res);
  else sendJson(res, 200, resourceOf(stored));
}

/** A chunk that breaks off counts as far as it came. */
async function append(session: Session, req: IncomingMessage): Promise<void> {
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      session.bytes += chunk.byteLength;
      yield chunk;
    }
  };
  await pipeline(req, counted, createWriteStream(session.path, { flags: "a" }));
}

/** `bytes 0-99/200`, `bytes 0-99/*`, or and one with a star for the range asks how much has come. */
function contentRangeOf({ headers }: IncomingMessage): { start?: number; total?: number } {
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  return {
    ...(start !== undefined && { start: Number(start) }),
    ...(total !== undefined && total !== "*" && { total: Number(total) }),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
