import { serveCalls } from "../../functions/src/compute/serve-calls.ts";
import { computing } from "./job-types/computing.ts";

/** What a compute process of the tests runs. */
serveCalls(new Map([[computing.type, computing]]));
