import { Firestore } from "@google-cloud/firestore";
import { jobEvents } from "../events/job-events.ts";
import { type DeleteFilesPorts, deleteJobFiles } from "../files/delete-job-files.ts";
import { withEngine } from "../jobs/engine.ts";
import { firestoreJobStore } from "../jobs/firestore/job-store.ts";
import { jobPublisher } from "../jobs/job-publisher.ts";
import { systemClock as clock } from "../platform/clock.ts";
import { cloudLog as log } from "../platform/log.ts";
import { pubsubPublish } from "../platform/pubsub/publisher.ts";
import { deliveryPublisher } from "../webhooks/delivery-publisher.ts";
import type { Config } from "./config.ts";
import type { Deployment } from "./deployment.ts";

/** The files of a deployment, for the functions that may delete them. */
type FilesOf = (database: Firestore, config: Config) => DeleteFilesPorts | undefined;

/** The ports that every function has, over one client of Firestore. `filesOf` is for those that may use the bucket. */
export function sharedPorts({ config, namePrefix: prefix }: Deployment, filesOf?: FilesOf) {
  const { projectId, database: databaseId, timing, eventTypes, pubsubEmulator: emulator } = config();
  const database = new Firestore({ projectId, databaseId, ignoreUndefinedProperties: false });
  const publish = pubsubPublish({ projectId, emulator, prefix });
  const files = filesOf?.(database, config());
  return withEngine({
    database,
    jobs: firestoreJobStore(database, timing),
    events: jobEvents({ publish, types: new Set(eventTypes), log }),
    ...(files && { fileRemoval: { deleteOf: (jobId: string) => deleteJobFiles(files, jobId) } }),
    publisher: { ...jobPublisher(publish), ...deliveryPublisher(publish) },
    clock,
    log,
  });
}
