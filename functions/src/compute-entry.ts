import "./source-stacks.ts";
import { serveCalls } from "./compute/serve-calls.ts";
import { readConfig } from "./config.ts";
import { jobTypes } from "./jobs/index.ts";

/** What a compute process of the worker runs: the deployment's job types, and nothing of the worker's own. */
serveCalls(jobTypes({ youtube: readConfig(process.env).youtube }));
