import { createBaton } from "@baton/engine";
import { jobs } from "./jobs/index.ts";

/** The deployment of this repository. The service accounts are made by `infra/`. */
export const baton = createBaton({
  jobs,
  queues: {
    // Work that fills a processor or much memory: one job an instance.
    heavy: { memory: "4GiB", cpu: 2, concurrency: 1, maxInstances: 20 },
  },
  webhooks: {},
  serviceAccount: (name) => `baton-${name}@{{ params.PROJECT_ID }}.iam.gserviceaccount.com`,
});
