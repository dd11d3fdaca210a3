import { type JobEvent, MAX_EVENT_BYTES } from "@baton/protocol";
import type { JobResult } from "../../jobs/rules/job.ts";
import { storableText } from "../../kit/payload-limits.ts";

/** Characters of an error that stay when the body is too large. The result has all of it. */
const SHORT_CODE_CHARACTERS = 100;
const SHORT_MESSAGE_CHARACTERS = 500;

/**
 * Builds the event of a final job. Its `timestamp` is the instant the job became final. `apiUrl` has no trailing slash.
 */
export function resultEvent(result: JobResult, apiUrl: string): JobEvent {
  return {
    type: `job.${result.status}`,
    timestamp: result.createdAt.toISOString(),
    data: {
      jobId: result.jobId,
      type: result.type,
      owner: result.owner,
      status: result.status,
      attempt: result.attempt,
      durationMs: result.durationMs,
      tags: result.tags,
      metadata: result.metadata,
      ...(result.output !== undefined && { output: result.output }),
      ...(result.error && { error: result.error }),
      resultUrl: `${apiUrl}/v1/jobs/${result.jobId}/result`,
    },
  };
}

/**
 * Builds the JSON that is signed and sent: at most `MAX_EVENT_BYTES` bytes of UTF-8. A larger body loses parts in this
 * order until it fits: the output, the metadata, then the tags and the end of a long error. `resultUrl` leads to all of
 * it.
 */
export function eventBody(event: JobEvent): string {
  let fitting = event;
  let body = JSON.stringify(fitting);
  for (const leaveOut of [withoutOutput, withoutMetadata, withShortError]) {
    if (Buffer.byteLength(body) <= MAX_EVENT_BYTES) break;
    fitting = leaveOut(fitting);
    body = JSON.stringify(fitting);
  }
  return body;
}

function withoutOutput(event: JobEvent): JobEvent {
  const { output: _, ...data } = event.data;
  return { ...event, data };
}

function withoutMetadata(event: JobEvent): JobEvent {
  return { ...event, data: { ...event.data, metadata: {} } };
}

function withShortError(event: JobEvent): JobEvent {
  const { error, ...data } = event.data;
  if (!error) return { ...event, data: { ...data, tags: [] } };
  const short = {
    code: storableText(error.code, SHORT_CODE_CHARACTERS),
    message: storableText(error.message, SHORT_MESSAGE_CHARACTERS),
  };
  return { ...event, data: { ...data, tags: [], error: short } };
}
