import { z } from "zod";
import { JsonValue } from "./json.ts";

/** A JSON Schema, draft 2020-12. */
const JsonSchema = z.record(z.string(), JsonValue);

/** One kind of work this deployment can do. */
export const JobTypeView = z.object({
  type: z.string(),
  queue: z.string(),
  /** What `input` of a submission must look like; fields with a default may be left out. */
  inputSchema: JsonSchema,
  /** What `output` of a completed job looks like. */
  outputSchema: JsonSchema,
});
export type JobTypeView = z.infer<typeof JobTypeView>;

/** Answer of `GET /v1/types`. */
export const JobTypeList = z.object({ types: z.array(JobTypeView) });
export type JobTypeList = z.infer<typeof JobTypeList>;

/** Answer of `GET /v1/webhook-secret`: what signs the webhooks of the caller's own jobs, `whsec_` + base64. */
export const WebhookSecret = z.object({ secret: z.string() });
export type WebhookSecret = z.infer<typeof WebhookSecret>;

/** Answer of `GET /healthz`: the function runs. It says nothing about Firestore or Pub/Sub. */
export const Health = z.object({ status: z.literal("ok") });
export type Health = z.infer<typeof Health>;
