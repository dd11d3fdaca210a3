import type { JobStore } from "../../jobs/ports.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import { sumOf } from "../../kit/sum-of.ts";
import type { DueFileStore, ObjectStore } from "../ports.ts";
import { type DueFile, type FileContext, fateOf } from "../rules/file.ts";

/** The ports of the sweep over files; a deployment without a bucket has none of them. */
export interface DueFilesPorts {
  jobs: Pick<JobStore, "read">;
  clock: Clock;
  log: Log;
  files?: { due: DueFileStore; objects: Pick<ObjectStore, "sizeOf" | "delete"> };
}

/** Files looked at side by side. */
const PAGE = 50;
/** When to look again at a file that could not be deleted, so that it does not keep those behind it waiting. */
const PUT_OFF_MS = 10 * 60_000;

/**
 * Deletes the files that are due to go, with their bytes first, and sets the next look at the others; begins no page
 * after `endsAt`. Answers how many were due; rejects when it cannot be known what is due.
 */
export async function lookAfterFiles(ports: DueFilesPorts, now: Date, endsAt: Date): Promise<number> {
  const { files } = ports;
  if (!files) return 0;
  for (let count = 0; ; ) {
    const due = await files.due.listDue(now, PAGE);
    count += await sumOf(due.map((file) => lookAt({ ...ports, files }, file, now)));
    if (due.length < PAGE || ports.clock.now() >= endsAt) return count;
  }
}

/** Rejects only when the next look cannot be set, either. */
async function lookAt(ports: Required<DueFilesPorts>, due: DueFile, now: Date): Promise<number> {
  const { log, files } = ports;
  try {
    const fate = fateOf(due.file, await contextOf(ports, due), now);
    if (fate.kind === "keep") await files.due.keep(due.fileId, fate.until, fate.bytes);
    else {
      await files.objects.delete(due.object);
      await files.due.forget(due.fileId);
    }
  } catch (error) {
    log.error("A file could not be looked after; a later sweep tries again.", {
      event: "file.not-swept",
      fileId: due.fileId,
      error,
    });
    await files.due.keep(due.fileId, new Date(now.getTime() + PUT_OFF_MS));
  }
  return 1;
}

async function contextOf({ jobs, files }: Required<DueFilesPorts>, { file, object }: DueFile): Promise<FileContext> {
  if (!file) return {};
  if (file.jobId !== undefined) {
    const job = await jobs.read(file.jobId);
    return job ? { job } : {};
  }
  const bytes = file.state === "open" ? await files.objects.sizeOf(object) : undefined;
  return bytes === undefined ? {} : { bytes };
}
