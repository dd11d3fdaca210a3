import {
  EndpointEventType,
  type FinalStatus,
  JobEventType,
  EndpointEvent as KnownEndpointEvent,
  JobEvent as KnownJobEvent,
} from "@baton/protocol";
import { z } from "zod";
import { type Open, open } from "./open.ts";

// The events of the server as receivers read them: events, values and fields of a newer server pass through.

/** An event about a job. */
export type JobEvent = Omit<KnownJobEvent, "data"> & {
  data: Omit<KnownJobEvent["data"], "status"> & { status: Open<FinalStatus> };
};

/** An event about an endpoint. */
export type EndpointEvent = KnownEndpointEvent;

declare const unknownEventType: unique symbol;

/** An event that this version does not know: a newer server sends it. Acknowledge it, and do what you like with it. */
export interface UnknownEvent {
  /** Marked, so that `event.type === "job.completed"` still tells the compiler which event it is. A template keeps it a discriminant. */
  type: `${string & { readonly [unknownEventType]: true }}`;
  /** When it happened. */
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

/** Reads the body of a webhook, of this server or of a newer one. */
export const AnyWebhookEvent: z.ZodType<WebhookEvent> = z.union([JobEvents, EndpointEvents, UnknownEvents]);
