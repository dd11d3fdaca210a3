import type { Firestore } from "@google-cloud/firestore";
import { firestoreFileRecords } from "../files/firestore/file-records.ts";
import { jobFiles, noJobFiles } from "../files/job-files.ts";
import { cloudStorage } from "../files/storage/cloud-storage.ts";
import type { JobFileStore } from "../jobs/ports.ts";
import { systemClock as clock } from "../platform/clock.ts";
import { randomIds as ids } from "../platform/ids.ts";
import type { Config } from "./config.ts";

/** The records and the bytes of files; undefined in a deployment without a bucket. */
export function filesOf(database: Firestore, { projectId, files }: Config) {
  if (files.bucket === "") return undefined;
  return { records: firestoreFileRecords(database), objects: cloudStorage({ projectId, ...files }) };
}

/** The files of jobs, as a worker writes and reads them. */
export function jobFilesOf(database: Firestore, config: Config): JobFileStore {
  const files = filesOf(database, config);
  return files ? jobFiles({ ...files, clock, ids }) : noJobFiles;
}
