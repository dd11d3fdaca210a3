import { createBaton, type JobType } from "@baton/engine";
import { jobs } from "../../../functions/src/jobs/index.ts";
import { cached } from "./cached.ts";
import { chaosTypes } from "./chaos.ts";
import { echo } from "./echo.ts";
import { engineTypes } from "./engine.ts";
import { fileTypes } from "./files.ts";
import { refusedTypes } from "./refused.ts";
import { waitTypes } from "./waits.ts";

/** Where the handlers leave their traces. */
const BASE_URL = process.env.YOUTUBE_API_BASE_URL ?? "";

/** Job types that exist in test clouds only. */
const TEST_TYPES: readonly JobType[] = [
  ...chaosTypes,
  ...waitTypes,
  cached,
  echo,
  ...fileTypes,
  ...engineTypes(BASE_URL),
  ...refusedTypes(BASE_URL),
];

/** Stands in for `functions/src/index.ts` in test clouds: every deployed job type, and those of the tests. */
export const baton = createBaton({
  jobs: [...jobs, ...TEST_TYPES],
  queues: { heavy: { memory: "4GiB", cpu: 2, concurrency: 1, maxInstances: 20 } },
  webhooks: {},
});
