import type { UploadRequest, UploadView } from "@baton/protocol";
import type { Principal } from "../accounts/principal.ts";
import { type Limits, limitsOf, type Tiers } from "../accounts/tiers.ts";
import type { Clock, Ids } from "../kit/ports.ts";
import type { Refusal } from "../kit/refusal.ts";
import { retentionMsOf } from "../kit/retention.ts";
import type { FileRecordStore, ObjectStore } from "./ports.ts";
import { newFile, UPLOAD_MS } from "./rules/file.ts";

/** The ports of a request for an upload. */
export interface UploadPorts {
  records: Pick<FileRecordStore, "create">;
  objects: Pick<ObjectStore, "uploadUrl">;
  tiers: Tiers;
  clock: Clock;
  ids: Pick<Ids, "documentId">;
}

/** The outcome of a request for an upload. */
export type Upload = { outcome: "open"; upload: UploadView } | { outcome: "refused"; refusal: Refusal };

/**
 * Opens an upload of the caller: answers where to send the bytes. Its record is stored first, so that the sweep finds
 * what comes of it.
 */
export async function requestUpload(ports: UploadPorts, caller: Principal, request: UploadRequest): Promise<Upload> {
  const limits = limitsOf(ports.tiers, caller.tier);
  if (request.bytes > limits.maxFileBytes) return { outcome: "refused", refusal: tooLarge(limits) };
  const { name, contentType, bytes } = request;
  const now = ports.clock.now();
  const fileId = ports.ids.documentId();
  const retentionMs = retentionMsOf(limits.retentionDays);
  const file = newFile({ fileId, owner: caller.uid, name, contentType, retentionMs }, now);
  await ports.records.create(file);
  const expiresAt = new Date(now.getTime() + UPLOAD_MS);
  const signing = ports.objects.uploadUrl(file.object, { contentType, bytes, expiresAt });
  const { url, headers } = await signing;
  return { outcome: "open", upload: { fileId, url, headers, expiresAt: expiresAt.toISOString() } };
}

function tooLarge({ maxFileBytes }: Limits): Refusal {
  const detail = `A file may have at most ${maxFileBytes} bytes. Send a smaller one.`;
  return { code: "file-too-large", detail, errors: [{ pointer: "/bytes", message: `is above ${maxFileBytes}` }] };
}
