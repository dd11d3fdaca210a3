import { type CollectionReference, type Firestore, type Query, Timestamp } from "@google-cloud/firestore";
import { stepFrom } from "../../jobs/firestore/step-documents.ts";
import { keptStep, MAX_TRIES, pauseAfter, type StepDocuments, stepDocuments } from "../../jobs/firestore/step-store.ts";
import type { StepAnswer } from "../../jobs/ports.ts";
import { ALL_SHARDS } from "../../kit/shard.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { unlessConflict } from "../../platform/firestore/delete-documents.ts";
import { stamp, toFields } from "../../platform/firestore/documents.ts";
import { isAway, isConflict } from "../../platform/firestore/optimistic-retry.ts";
import type { DueFileStore, FileRecordStore } from "../ports.ts";
import { type FileRecord, isStored, nextLookAtFile } from "../rules/file.ts";
import { dueFileFrom, fileFrom } from "./file-documents.ts";

/** The records of files on Firestore: documents `batonFiles/{fileId}`. */
export function firestoreFileRecords(db: Firestore): FileRecordStore & DueFileStore {
  const files = db.collection(COLLECTIONS.files);
  const steps = stepDocuments(db);
  return {
    create: async (file) => void (await files.doc(file.fileId).create(toFields(file))),
    complete: (...given) => complete({ db, files, steps }, ...given),
    read: (fileId) => readFile(files, fileId),
    list: (jobId, limit) => storedOf(files.where("jobId", "==", jobId).orderBy("name").limit(limit)),
    find: async (jobId, name) => (await storedOf(files.where("jobId", "==", jobId).where("name", "==", name)))[0],
    async listDue(now, limit) {
      const due = files.where("shard", "in", ALL_SHARDS).where("dueAt", "<=", Timestamp.fromDate(now));
      return (await due.orderBy("dueAt").limit(limit).get()).docs.map((document) => dueFileFrom(document.data()));
    },
    async keep(fileId, until, bytes) {
      const isThere = bytes !== undefined && { state: "stored", bytes };
      await unlessConflict(files.doc(fileId).update({ dueAt: stamp(until), ...isThere }));
    },
    forget: async (fileId) => void (await files.doc(fileId).delete()),
  };
}

async function readFile(files: CollectionReference, fileId: string): Promise<FileRecord | undefined> {
  const fields = (await files.doc(fileId).get()).data();
  return fields && fileFrom(fields);
}

async function storedOf(query: Query): Promise<FileRecord[]> {
  const { docs } = await query.get();
  return docs.map((document) => fileFrom(document.data())).filter(isStored);
}

/** Where files and steps are. */
interface Places {
  db: Firestore;
  files: CollectionReference;
  steps: StepDocuments;
}

async function complete(
  { db, files, steps }: Places,
  ...[step, info, now]: Parameters<FileRecordStore["complete"]>
): Promise<StepAnswer> {
  const { jobId, leaseId, name } = step;
  const { fileId, bytes, sha256 } = info;
  for (let tried = 1; ; tried++) {
    const holder = await steps.readHolder(jobId, leaseId);
    if (!holder) return { outcome: "lease-lost" };
    const file = await readFile(files, fileId);
    if (!file) throw new Error(`The record of file ${fileId} is gone.`);
    try {
      const batch = db.batch();
      const kept = keptStep(step, holder, info, now);
      steps.create(batch, kept);
      batch.update(files.doc(fileId), toFields({ state: "stored", bytes, sha256, dueAt: nextLookAtFile(file, now) }));
      steps.fence(batch, jobId, holder);
      await batch.commit();
      return { outcome: "recorded", step: kept };
    } catch (error) {
      if (!(isConflict(error) || isAway(error)) || tried >= MAX_TRIES) throw error;
      // The answer was lost, the worker's own progress came between, or the record of the file went.
      const known = (await steps.stepOf(jobId, name).get()).data();
      if (known) return { outcome: "recorded", step: stepFrom(known) };
      await pauseAfter(tried);
    }
  }
}
