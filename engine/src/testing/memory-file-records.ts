import type { DueFileStore, FileRecordStore } from "../files/ports.ts";
import { type FileRecord, isStored, nextLookAtFile } from "../files/rules/file.ts";
import type { StepStore } from "../jobs/ports.ts";
import { by } from "./compare-by.ts";

/** The records of files in memory; held to the same contract as Firestore's. */
export function memoryFileRecords(steps: Pick<StepStore, "keep">): FileRecordStore & DueFileStore {
  const files = new Map<string, FileRecord>();
  const copy = structuredClone;
  const storedOf = (jobId: string) => [...files.values()].filter((file) => file.jobId === jobId && isStored(file));
  return {
    async create(file) {
      if (files.has(file.fileId)) throw new Error(`there is a file ${file.fileId}`);
      files.set(file.fileId, copy(file));
    },
    async complete(step, info, now) {
      const before = files.get(info.fileId);
      if (!before) throw new Error(`The record of file ${info.fileId} is gone.`);
      const answer = await steps.keep(step, info, now);
      const isThis = answer.outcome === "recorded" && JSON.stringify(answer.step.output) === JSON.stringify(info);
      const { bytes, sha256 } = info;
      if (isThis) {
        const dueAt = nextLookAtFile(before, now);
        files.set(info.fileId, { ...before, state: "stored", bytes, sha256, dueAt });
      }
      return answer;
    },
    read: async (fileId) => copy(files.get(fileId)),
    list: async (jobId, limit) =>
      copy(
        storedOf(jobId)
          .sort(by(({ name }) => name))
          .slice(0, limit),
      ),
    find: async (jobId, name) => copy(storedOf(jobId).find((file) => file.name === name)),
    async listDue(now, limit) {
      const due = [...files.values()].filter(({ dueAt }) => dueAt <= now);
      const sorted = due.sort(by(({ dueAt }) => dueAt.getTime())).slice(0, limit);
      return sorted.map(({ fileId, object, ...rest }) => ({ fileId, object, file: copy({ fileId, object, ...rest }) }));
    },
    async keep(fileId, until, bytes) {
      const file = files.get(fileId);
      if (file) files.set(fileId, { ...file, dueAt: until, ...(bytes !== undefined && { state: "stored", bytes }) });
    },
    forget: async (fileId) => void files.delete(fileId),
  };
}
