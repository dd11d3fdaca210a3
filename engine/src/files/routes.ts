import { UploadRequest } from "@baton/protocol";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { limitRate } from "../accounts/limit-rate.ts";
import type { Tiers } from "../accounts/tiers.ts";
import type { ApiEnv } from "../http/api-env.ts";
import { parseBody, readJson } from "../http/json-body.ts";

import {
  ANSWERS,
  BODY_REFUSALS,
  headers,
  json,
  problem,
  QUOTA_REFUSALS,
  REFUSALS,
  requestBody,
  SECURITY,
} from "../http/openapi.ts";
import type { Ids } from "../kit/ports.ts";
import type { RateLimiter } from "../kit/rate-limiter.ts";
import { type Refusal, RefusedError } from "../kit/refusal.ts";
import type { FileRecordStore, ObjectStore } from "./ports.ts";
import { listFiles, locateFile, type ReadFilesPorts } from "./read-files.ts";
import { requestUpload } from "./request-upload.ts";

/** The ports of these routes. */
export type FileRoutePorts = Omit<ReadFilesPorts, "files"> & {
  files?: { records: FileRecordStore; objects: ObjectStore };
  rateLimiter: RateLimiter;
  tiers: Tiers;
  ids: Pick<Ids, "documentId">;
};

/** Adds the files of jobs, and uploads. */
export function addFileRoutes(app: OpenAPIHono<ApiEnv>, ports: FileRoutePorts): void {
  app.openapi(uploadRoute, async (c) => {
    const request = parseBody(UploadRequest, await readJson(c.req.raw));
    const { files } = ports;
    if (!files) throw new RefusedError(NO_BUCKET);
    const caller = c.get("principal");
    await limitRate(ports, caller, "uploads");
    const answer = await requestUpload({ ...ports, ...files }, caller, request);
    if (answer.outcome === "refused") throw new RefusedError(answer.refusal);
    return c.json(answer.upload, 201);
  });

  app.openapi(listRoute, async (c) => {
    const files = await listFiles(ports, c.get("principal"), c.req.param("jobId"));
    if (!files) throw new RefusedError(NO_FILE);
    return c.json({ files }, 200);
  });

  app.openapi(readRoute, async (c) => {
    const address = await locateFile(ports, c.get("principal"), c.req.param("jobId"), c.req.param("name"));
    if (!address) throw new RefusedError(NO_FILE);
    c.header("vary", "Accept", { append: true });
    return wantsJson(c.req.header("accept")) ? c.json(address, 200) : c.redirect(address.url, 302);
  });
}

/** True for a request that names JSON, and prefers nothing to it by its place in the list. */
function wantsJson(accept = ""): boolean {
  return /^\s*application\/json\s*(?:[;,]|$)/i.test(accept);
}

const NO_FILE: Refusal = {
  code: "not-found",
  detail: "You have no job with this id, or it has no file of this name. List its files, and check who is signed in.",
};

const NO_BUCKET: Refusal = {
  code: "unavailable",
  detail: "This deployment keeps no files. Ask its operator to set FILES_BUCKET and to deploy again.",
};

const uploadRoute = createRoute({
  method: "post",
  path: "/v1/files",
  operationId: "requestUpload",
  summary: "Ask where to upload a file",
  description:
    "Send the bytes by one `PUT` to `url`, with exactly the `headers`, within 15 minutes. Then name the file in the " +
    "input of a job, as `{fileId}`. It is kept as long as a job is.",
  security: SECURITY,
  request: { body: requestBody("UploadRequest") },
  responses: {
    201: json(ANSWERS.Upload, "Where to send the bytes."),
    ...QUOTA_REFUSALS,
    ...BODY_REFUSALS,
    413: problem("body-too-large", "file-too-large"),
  },
});

const listRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{jobId}/files",
  operationId: "listFiles",
  summary: "List the files of a job, by name",
  security: SECURITY,
  request: { params: z.object({ jobId: z.string() }) },
  responses: {
    200: json(ANSWERS.FileList, "The files written so far, 1,000 at most."),
    ...REFUSALS,
    404: problem("not-found"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{jobId}/files/{name}",
  operationId: "readFile",
  summary: "Download a file of a job",
  description:
    "Redirects to an address of Cloud Storage that counts for five minutes, and needs no token. With " +
    "`Accept: application/json` the answer names the address instead. Use that where the HTTP client would send the token " +
    "on to the address, as some browsers do; Cloud Storage refuses it.",
  security: SECURITY,
  request: { params: z.object({ jobId: z.string(), name: z.string() }) },
  responses: {
    200: json(ANSWERS.FileAddress, "The address, for `Accept: application/json`."),
    302: {
      description: "The bytes are at `Location`.",
      headers: headers({ Location: "Address of the bytes, for five minutes." }),
    },
    ...REFUSALS,
    404: problem("not-found"),
  },
});
