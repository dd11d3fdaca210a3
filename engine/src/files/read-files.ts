import type { FileAddress, FileView } from "@baton/protocol";
import type { Principal } from "../accounts/principal.ts";
import type { JobStore } from "../jobs/ports.ts";
import { readJob } from "../jobs/read-job.ts";
import type { Job } from "../jobs/rules/job.ts";
import type { Clock } from "../kit/ports.ts";
import type { FileRecordStore, ObjectStore } from "./ports.ts";
import { DOWNLOAD_MS } from "./rules/file.ts";
import { fileView } from "./views.ts";

/** The ports of reading the files of jobs; `files` is absent in a deployment without a bucket. */
export interface ReadFilesPorts {
  jobs: Pick<JobStore, "read">;
  files?: { records: Pick<FileRecordStore, "list" | "find">; objects: Pick<ObjectStore, "downloadUrl"> };
  clock: Clock;
}

/** Files of one answer. */
const MAX_LISTED = 1000;

/** Lists the files of a job that `reader` may see, by name; undefined when there is no such job. */
export async function listFiles(
  ports: ReadFilesPorts,
  reader: Principal,
  jobId: string,
): Promise<FileView[] | undefined> {
  const job = await readJob(ports, reader, jobId);
  if (!job) return undefined;
  const found = ports.files && hasFiles(job) ? await ports.files.records.list(jobId, MAX_LISTED) : [];
  return found.map(fileView).filter((file) => file !== undefined);
}

/** Gives an address, for five minutes, of a file of a job that `reader` may see; undefined when there is none. */
export async function locateFile(
  ports: ReadFilesPorts,
  reader: Principal,
  jobId: string,
  name: string,
): Promise<FileAddress | undefined> {
  const job = await readJob(ports, reader, jobId);
  if (!job || !ports.files || !hasFiles(job)) return undefined;
  const { records, objects } = ports.files;
  const file = await records.find(jobId, name);
  if (!file) return undefined;
  const expiresAt = new Date(ports.clock.now().getTime() + DOWNLOAD_MS);
  const url = await objects.downloadUrl(file.object, { name, expiresAt });
  return { url, expiresAt: expiresAt.toISOString() };
}

/** Those of a cancelled job are about to be deleted. */
function hasFiles({ status }: Pick<Job, "status">): boolean {
  return status !== "cancelled";
}
