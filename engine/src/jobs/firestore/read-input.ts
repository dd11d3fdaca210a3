import type { JsonValue } from "@baton/protocol";
import type { Fields } from "../../platform/firestore/documents.ts";
import type { JobCollections } from "./job-collections.ts";
import { engineFieldsOf } from "./job-documents.ts";
import { payloadOf } from "./payload.ts";

/** Reads the input of a job whose document has these fields; undefined when none is kept. */
export async function readInputIn(
  { inputOf }: JobCollections,
  jobId: string,
  fields: Fields,
): Promise<JsonValue | undefined> {
  const engine = engineFieldsOf(fields);
  return payloadOf("input", engine.inputRef === undefined ? engine : ((await inputOf(jobId).get()).data() ?? {}));
}
