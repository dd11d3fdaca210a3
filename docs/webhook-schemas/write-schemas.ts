import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EndpointEvent, EndpointEventType, JobEvent, JobEventType, type WebhookEventType } from "@baton/protocol";
import { z } from "zod";

// `node docs/webhook-schemas/write-schemas.ts && npm run format` writes the schemas beside this file.
// Examples are written by hand.

const TITLES: Record<WebhookEventType, string> = {
  "job.completed": "A job completed",
  "job.failed": "A job failed for good",
  "job.cancelled": "A job was cancelled",
  "endpoint.failing": "Every attempt at one of your endpoints has failed for a while",
  "endpoint.disabled": "One of your endpoints was disabled",
  "endpoint.recovered": "One of your endpoints answers again",
  "endpoint.test": "A test event was asked for",
};

/** By the path of a field, its steps joined with dots. */
const DESCRIPTIONS: Record<string, string> = {
  timestamp: "When it happened, in UTC; not when this attempt was sent.",
  "data.jobId": "20 letters and digits.",
  "data.type": "The job type.",
  "data.owner": "Whose job it is.",
  "data.attempt": "Attempts that were made; 0 when the job never ran.",
  "data.durationMs": "From submission to the end.",
  "data.output":
    "Any JSON value, as the job type describes it. Absent when the body would be too large: read resultUrl.",
  "data.error": "Why the job failed, or was cancelled. code is for programs, message for people.",
  "data.resultUrl": "Where the owner reads the whole result.",
  "data.endpointId": "Which endpoint; 20 letters and digits.",
  "data.message": "What happened and what to do, for a person.",
  "data.percent": "How much of the five days of attempts after which the endpoint is disabled is over.",
  "data.failingSince": "When the first failed attempt since the last success ended.",
};

const Data = JobEvent.shape.data.extend({ output: z.unknown().optional() });
const DATA: Record<JobEventType, z.ZodType> = {
  "job.completed": Data.omit({ error: true }).extend({ status: z.literal("completed") }),
  "job.failed": Data.omit({ output: true }).extend({ status: z.literal("failed") }),
  "job.cancelled": Data.omit({ output: true }).extend({ status: z.literal("cancelled") }),
};

/**
 * The JSON Schema (draft 2020-12) of the body of each event. It allows fields that it does not name: later versions may
 * add some.
 */
export function webhookSchemas(): Map<WebhookEventType, object> {
  const ofJobs = JobEventType.options.map(
    (type) => [type, JobEvent.extend({ type: z.literal(type), data: DATA[type] })] as const,
  );
  const ofEndpoints = EndpointEventType.options.map(
    (type) => [type, EndpointEvent.extend({ type: z.literal(type) })] as const,
  );
  return new Map([...ofJobs, ...ofEndpoints].map(([type, schema]) => [type, jsonSchema(TITLES[type], schema)]));
}

function jsonSchema(title: string, schema: z.ZodType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    // Of what comes in: a receiver is not to refuse a field it does not know.
    io: "input",
    override({ jsonSchema: part, path }) {
      // The format says the same as zod's long expression.
      if (part.format === "date-time") delete part.pattern;
      const description = DESCRIPTIONS[path.filter((step) => step !== "properties").join(".")];
      if (description !== undefined) part.description = description;
    },
  });
  return { $schema, title, ...rest };
}

if (import.meta.main) {
  for (const [type, schema] of webhookSchemas()) {
    await writeFile(join(import.meta.dirname, `${type}.schema.json`), JSON.stringify(schema, null, 2));
  }
}
