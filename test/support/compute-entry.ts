import { serveCalls } from "../../engine/src/jobs/run/compute/serve-calls.ts";
import { computing } from "./job-types/computing.ts";

/** The entry of the tests' compute processes. */
serveCalls(new Map([[computing.type, computing]]));
