import type { JobType } from "@baton/engine";
import { greeting } from "./greeting.ts";
import { wordCount } from "./word-count.ts";

/** A list of job types, as `functions/src/jobs/index.ts` of a team has it. Clients read their types from it. */
export const jobs = [greeting, wordCount] as const satisfies readonly JobType[];
