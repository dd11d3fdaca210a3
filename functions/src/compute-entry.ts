import "./source-stacks.ts";
import { serveCalls } from "./compute/serve-calls.ts";
import { readConfig } from "./config.ts";
import { jobTypes } from "./jobs/index.ts";

/**
 * The entry of the worker's compute processes: they have the deployment's job types, and nothing else of the worker.
 */
serveCalls(jobTypes({ youtube: readConfig(process.env).youtube }));
