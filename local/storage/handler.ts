import type { IncomingMessage, ServerResponse } from "node:http";
import { type DoorRules, refusalOf } from "../doors/judge-request.ts";
import { type Handler, refuse, requestUrl } from "../http.ts";
import { resourceOf, sendError, sendJson, sendNotFound } from "./answers.ts";
import { type Objects, objectsIn } from "./objects.ts";
import { answerSigned, sendBytes } from "./signed-requests.ts";
import { type Uploads, uploadsInto } from "./uploads.ts";

/**
 * A Cloud Storage whose objects are files of `folder`: the part of the JSON API that `@google-cloud/storage` calls for
 * uploads, downloads and deletions, and the signed URLs of the XML API. A signed URL may be used by any page, as in
 * production, since every holder may use it; the rest is for this machine's own programs and pages.
 */
export function storageHandler(folder: string, rules: DoorRules): Handler {
  const objects = objectsIn(folder);
  const uploads = uploadsInto(objects, folder);
  return async (req, res) => {
    const url = requestUrl(req);
    if (url === undefined) return sendError(res, 400, "invalid", "The path of this request cannot be read.");
    const isSigned = url.searchParams.has("X-Goog-Signature");
    const judged = isSigned ? { headers: { host: req.headers.host }, socket: req.socket } : req;
    const refusal = refusalOf(judged, rules);
    if (refusal !== undefined) return refuse(req, res, 403, refusal);
    return isSigned ? answerSigned(objects, req, res, url) : answerJson({ objects, uploads }, req, res, url);
  };
}

const UPLOAD = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/;
/** A client that has the address from STORAGE_EMULATOR_HOST leaves the first part out. */
const OBJECT = /^(?:\/(?:download\/)?storage\/v1)?\/b\/([^/]+)\/o\/([^/]+)$/;

async function answerJson(
  { objects, uploads }: { objects: Objects; uploads: Uploads },
  req: IncomingMessage,
  res: ServerResponse,
  { pathname, searchParams }: URL,
): Promise<void> {
  const [, uploadBucket] = UPLOAD.exec(pathname) ?? [];
  const uploadId = searchParams.get("upload_id");
  if (uploadBucket !== undefined) {
    return uploadId === null
      ? uploads.begin(req, res, decodeURIComponent(uploadBucket), searchParams)
      : uploads.continue(req, res, uploadId);
  }
  const [bucket, name] = (OBJECT.exec(pathname) ?? []).slice(1).map(decodeURIComponent);
  if (bucket === undefined || name === undefined)
    return sendError(res, 400, "invalid", `This storage does not know ${req.method} ${pathname}.`);
  if (req.method === "DELETE") {
    if (await objects.remove(bucket, name)) return void res.writeHead(204).end();
    return sendNotFound(res, bucket, name);
  }
  const object = objects.find(bucket, name);
  if (!object) return sendNotFound(res, bucket, name);
  return searchParams.get("alt") === "media"
    ? sendBytes(objects, object, req, res)
    : sendJson(res, 200, resourceOf(object));
}
