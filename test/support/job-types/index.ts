import type { JobType } from "../../../functions/src/jobs/define-job.ts";
import { jobTypes as deployedTypes } from "../../../functions/src/jobs/index.ts";
import { byName } from "../../../functions/src/jobs/job-registry.ts";
import { cached } from "./cached.ts";
import { chaosTypes } from "./chaos.ts";
import { echo } from "./echo.ts";
import { engineTypes } from "./engine.ts";
import { waitTypes } from "./waits.ts";

/** Job types that exist in test clouds only. */
const TEST_TYPES: readonly JobType[] = [...chaosTypes, ...waitTypes, cached, echo];

/** Stands in for `functions/src/jobs/index.ts` in test bundles: every deployed job type, and those of the tests. */
export function jobTypes(config: Parameters<typeof deployedTypes>[0]): ReadonlyMap<string, JobType> {
  return byName([...deployedTypes(config).values(), ...TEST_TYPES, ...engineTypes(config.youtube.baseUrl)]);
}
