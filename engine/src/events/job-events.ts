import type { LifecycleEvent, LifecycleEventType } from "@baton/protocol";
import type { JobEvents } from "../jobs/ports.ts";
import type { JobResult } from "../jobs/rules/job.ts";
import type { Log } from "../kit/ports.ts";
import type { Publish } from "../platform/pubsub/publisher.ts";
import { EVENT_TOPIC } from "../platform/pubsub/topics.ts";
import { endEventOf, eventOf } from "./lifecycle-event.ts";

/** The ports of events. */
export interface JobEventsPorts {
  publish: Publish;
  /** The types that are published. */
  types: ReadonlySet<LifecycleEventType>;
  log: Log;
}

/** Publishes what happens to jobs to topic `baton-events`. */
export interface JobEventPublisher extends JobEvents {
  /** True where the end of this job is published. */
  tellsEnd(result: JobResult): boolean;
  /** Publishes the end of a job. Rejects when Pub/Sub does not take it; the caller is then called again. */
  tellEnd(result: JobResult): Promise<void>;
}

/** gRPC status of a publish whose topic does not exist. */
const NOT_FOUND = 5;

/**
 * The events of jobs on Pub/Sub. Without the topic there can be no subscriber: that is logged once, and is no failure.
 */
export function jobEvents({ publish, types, log }: JobEventsPorts): JobEventPublisher {
  let isMissing = false;

  async function send(event: LifecycleEvent): Promise<void> {
    if (isMissing || !types.has(event.type)) return;
    const { eventId, type, data } = event;
    const attributes = { eventId, type, jobType: data.type, owner: data.owner };
    try {
      await publish(EVENT_TOPIC, attributes, { data: JSON.stringify(event), orderingKey: data.jobId });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      isMissing = true;
      log.warn("The topic of events does not exist; this process publishes none.", { event: "event.no-topic", error });
    }
  }

  return {
    tellsEnd: ({ status }) => types.has(`job.${status}`),
    tellEnd: (result) => send(endEventOf(result)),
    async tell(type, job) {
      try {
        await send(eventOf(type, job));
      } catch (error) {
        const fields = { event: "event.unpublished", type, jobId: job.jobId, error };
        log.warn("An event of a job was not published.", fields);
      }
    },
  };
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === NOT_FOUND;
}
