import type { FileInfo } from "@baton/protocol";
import { jobFiles } from "../files/job-files.ts";
import { newFile } from "../files/rules/file.ts";
import type { JobFileStore, StepStore } from "../jobs/ports.ts";
import type { Clock } from "../kit/ports.ts";
import { memoryFileRecords } from "./memory-file-records.ts";
import { memoryObjectStore } from "./memory-object-store.ts";

/** A file that the owner of a test's job has uploaded. */
export interface TestUpload {
  name: string;
  contentType: string;
  content: string | Uint8Array;
}

/** A file that a test's job wrote. */
export type TestFile = FileInfo & { content: Uint8Array };

/** The files around one job, in memory. */
export interface TestFiles {
  store: JobFileStore;
  /** Uploads files for the owner, by the ids that an input names. */
  upload(owner: string, uploads: Readonly<Record<string, TestUpload>>): Promise<void>;
  /** The files that the job wrote and recorded, by name. */
  written(jobId: string): Promise<Map<string, TestFile>>;
}

const ALL = Number.POSITIVE_INFINITY;
const RETENTION_MS = 30 * 24 * 3_600_000;

/** The real use cases of files, on stores in memory. */
export function testFiles(steps: Pick<StepStore, "keep">, clock: Clock): TestFiles {
  const [objects, records] = [memoryObjectStore(), memoryFileRecords(steps)];
  const { signal } = new AbortController();
  let written = 0;
  const ids = { documentId: () => `${++written}`.padStart(20, "File") };

  return {
    store: jobFiles({ objects, records, clock, ids }),
    async upload(owner, uploads) {
      for (const [fileId, { name, contentType, content }] of Object.entries(uploads)) {
        const file = newFile({ fileId, owner, name, contentType, retentionMs: RETENTION_MS }, clock.now());
        await records.create(file);
        await objects.upload(file.object, whole(Buffer.from(content)), { contentType, signal });
      }
    },
    async written(jobId) {
      const files = (await records.list(jobId, ALL)).map(async (file): Promise<[string, TestFile]> => {
        const { fileId, name, contentType, object, bytes = 0, sha256 = "" } = file;
        const content = objects.objects.get(object)?.bytes ?? new Uint8Array();
        return [name, { fileId, name, contentType, bytes, sha256, content }];
      });
      return new Map(await Promise.all(files));
    },
  };
}

async function* whole(content: Uint8Array) {
  yield content;
}
