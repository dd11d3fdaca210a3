import { sumOf } from "../kit/sum-of.ts";
import type { DueFileStore, FileRecordStore, ObjectStore } from "./ports.ts";

/** The ports of deleting the files of a job. */
export interface DeleteFilesPorts {
  records: Pick<FileRecordStore, "list"> & Pick<DueFileStore, "forget">;
  objects: Pick<ObjectStore, "delete">;
}

/** Files deleted side by side. */
const PAGE = 50;
/** A job with more leaves the rest to the sweep: the one who cancels it waits for this. */
const MAX_PAGES = 4;

/**
 * Deletes the stored files of a cancelled job, bytes first. Leaves a file whose upload may still be under way, and what
 * could not be deleted, to the sweep. Rejects when not all of them could be deleted.
 */
export async function deleteJobFiles({ records, objects }: DeleteFilesPorts, jobId: string): Promise<void> {
  for (let page = 0; page < MAX_PAGES; page++) {
    const files = await records.list(jobId, PAGE);
    await sumOf(
      files.map(async ({ object, fileId }) => {
        await objects.delete(object);
        await records.forget(fileId);
        return 1;
      }),
    );
    if (files.length < PAGE) return;
  }
}
