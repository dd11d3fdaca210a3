import type { ServerResponse } from "node:http";
import type { StoredObject } from "./objects.ts";

/** Answers with JSON. */
export function sendJson(res: ServerResponse, status: number, value: object): void {
  res.writeHead(status, { "content-type": "application/json; charset=UTF-8" }).end(JSON.stringify(value));
}

/** Answers with an error as the JSON API gives it. */
export function sendError(res: ServerResponse, status: number, reason: string, message: string): void {
  sendJson(res, status, { error: { code: status, message, errors: [{ domain: "global", reason, message }] } });
}

/** Answers that there is no such object. */
export function sendNotFound(res: ServerResponse, bucket: string, name: string): void {
  sendError(res, 404, "notFound", `No such object: ${bucket}/${name}`);
}

/** Answers that the object is there, which `ifGenerationMatch=0` excludes. */
export function sendExists(res: ServerResponse): void {
  sendError(res, 412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
}

/** An object's resource: https://docs.cloud.google.com/storage/docs/json_api/v1/objects#resource */
export function resourceOf({ bucket, name, contentType, bytes, md5Hash, crc32c, ...object }: StoredObject): object {
  const generation = String(object.generation);
  const at = object.createdAt.toISOString();
  return {
    kind: "storage#object",
    id: `${bucket}/${name}/${generation}`,
    ...{ bucket, name, contentType, size: String(bytes), md5Hash, crc32c },
    ...{ generation, metageneration: "1", timeCreated: at, updated: at, storageClass: "STANDARD", etag: md5Hash },
  };
}
