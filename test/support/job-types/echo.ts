import { JsonValue } from "@baton/protocol";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";

/** Gives its input back at once. */
export const echo = defineJob({
  type: "test.echo",
  input: JsonValue,
  output: JsonValue,
  run: async (_context, input) => input,
});
