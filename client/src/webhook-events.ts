import {
  EndpointEventType,
  type FinalStatus,
  JobEventType,
  EndpointEvent as KnownEndpointEvent,
  JobEvent as KnownJobEvent,
} from "@baton/protocol";
import { z } from "zod";
import { type Open, open } from "./open.ts";

// Events as receivers read them: events, values and fields of a newer server pass through.

/** An event about a job. */
export type JobEvent = Omit<KnownJobEvent, "data"> & {
  data: Omit<KnownJobEvent["data"], "status"> & { status: Open<FinalStatus> };
};

/** An event about an endpoint. */
export type EndpointEvent = KnownEndpointEvent;

declare const unknownEventType: unique symbol;

/** An event of a newer server, which this version does not know. Acknowledge it; reading it is optional. */
export interface UnknownEvent {
  /** Branded, so that `event.type === "job.completed"` narrows the union. The template keeps it a discriminant. */
  type: `${string & { readonly [unknownEventType]: true }}`;
  /** Instant of the event. */
  timestamp: string;
  data: Record<string, unknown>;
}

/** The body of a webhook. */
export type WebhookEvent = JobEvent | EndpointEvent | UnknownEvent;

const job = KnownJobEvent.shape.data;
const JobEvents = z.looseObject({
  ...KnownJobEvent.shape,
  data: z.looseObject({
    ...job.shape,
    status: open<FinalStatus>(),
    error: job.shape.error.unwrap().loose().optional(),
  }),
});
const EndpointEvents = z.looseObject({ ...KnownEndpointEvent.shape, data: KnownEndpointEvent.shape.data.loose() });

const KNOWN: readonly unknown[] = [...JobEventType.options, ...EndpointEventType.options];
const UnknownEvents = z.looseObject({
  type: z.custom<UnknownEvent["type"]>((type) => typeof type === "string" && type !== "" && !KNOWN.includes(type)),
  timestamp: z.string(),
  data: z.looseObject({}),
});

/** Schema of a webhook's body, of this server or of a newer one. */
export const AnyWebhookEvent: z.ZodType<WebhookEvent> = z.union([JobEvents, EndpointEvents, UnknownEvents]);
