import { Firestore } from "@google-cloud/firestore";
import { jobEvents } from "../events/job-events.ts";
import { withEngine } from "../jobs/engine.ts";
import { firestoreJobStore } from "../jobs/firestore/job-store.ts";
import { jobPublisher } from "../jobs/job-publisher.ts";
import { systemClock as clock } from "../platform/clock.ts";
import { cloudLog as log } from "../platform/log.ts";
import { pubsubPublish } from "../platform/pubsub/publisher.ts";
import { deliveryPublisher } from "../webhooks/delivery-publisher.ts";
import type { Deployment } from "./deployment.ts";

/** The ports that every function has, over one client of Firestore. */
export function sharedPorts({ config, namePrefix }: Deployment) {
  const { projectId, timing, eventTypes } = config();
  const database = new Firestore({ projectId, ignoreUndefinedProperties: false });
  const publish = pubsubPublish(projectId, namePrefix);
  return withEngine({
    database,
    jobs: firestoreJobStore(database, timing),
    events: jobEvents({ publish, types: new Set(eventTypes), log }),
    publisher: { ...jobPublisher(publish), ...deliveryPublisher(publish) },
    clock,
    log,
  });
}
