import { z } from "zod";
import type { WatchRequest } from "../../local/bridge/bridge.ts";

/** One request that carried a job's message to a worker. */
export interface MessageRequest {
  sentAt: Date;
  /** Absent while the request is open. */
  endedAt?: Date;
  /** True when the worker answered with success: Pub/Sub forgets the message then. */
  isAcknowledged: boolean;
}

/** The requests of a run that carried messages of jobs, by job id, in the order in which they began. */
export type MessageRequests = ReadonlyMap<string, readonly MessageRequest[]>;

const Body = z.object({ message: z.object({ attributes: z.object({ jobId: z.string() }) }) });

/** Records which messages the workers were given, and which of them they acknowledged when. */
export function createMessageLog(): { requests: MessageRequests; watch: WatchRequest } {
  const requests = new Map<string, MessageRequest[]>();
  return {
    requests,
    watch(functionName, body) {
      const jobId = functionName.startsWith("baton-worker") ? jobIdIn(body) : undefined;
      if (jobId === undefined) return () => undefined;
      const request: MessageRequest = { sentAt: new Date(), isAcknowledged: false };
      requests.set(jobId, [...(requests.get(jobId) ?? []), request]);
      return (status) => {
        request.endedAt = new Date();
        request.isAcknowledged = status !== undefined && status >= 200 && status < 300;
      };
    },
  };
}

function jobIdIn(body: Uint8Array): string | undefined {
  const parsed = Body.safeParse(JSON.parse(Buffer.from(body).toString()));
  return parsed.success ? parsed.data.message.attributes.jobId : undefined;
}
