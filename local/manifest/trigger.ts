import { z } from "zod";
import { parseRecurrence, type Recurrence } from "./recurrence.ts";

/** The source of a function's calls. `retry` says whether a failed event comes again. */
export type Trigger =
  | { kind: "https" }
  | { kind: "pubsub"; topic: string; retry: boolean }
  | {
      kind: "firestore";
      eventType: string;
      database: string;
      namespace: string;
      document: string;
      isPattern: boolean;
      retry: boolean;
    }
  | { kind: "schedule"; recurrence: Recurrence; retries: Retries }
  | { kind: "tasks"; limits: TaskLimits; retries: Retries }
  | { kind: "unsupported"; what: string };

/** The rules by which Cloud Scheduler and Cloud Tasks call again after a failure. */
export interface Retries {
  /** Calls in all, the first included; 0: no limit but the age. */
  maxAttempts: number;
  /** A failed call is not repeated when its event is older; 0: no limit. */
  maxAgeSeconds: number;
  minBackoffSeconds: number;
  maxBackoffSeconds: number;
  /** The pause doubles so often; then it grows by the same amount each time. */
  maxDoublings: number;
}

/** The limits of a queue of tasks. */
export interface TaskLimits {
  maxConcurrent: number;
  maxPerSecond: number;
}

/** A number the code left to the platform is absent or null. */
export const OptionalNumber = z.number().nullish();

const RetryConfig = z
  .looseObject({
    retryCount: OptionalNumber,
    maxAttempts: OptionalNumber,
    maxRetrySeconds: OptionalNumber,
    minBackoffSeconds: OptionalNumber,
    maxBackoffSeconds: OptionalNumber,
    maxDoublings: OptionalNumber,
  })
  .nullish();

/** The triggers of an endpoint in the Firebase CLI's wire format; one of them is there. */
export const Triggers = z.object({
  platform: z.string().nullish(),
  httpsTrigger: z.looseObject({}).optional(),
  callableTrigger: z.looseObject({}).optional(),
  blockingTrigger: z.looseObject({ eventType: z.string() }).optional(),
  taskQueueTrigger: z
    .looseObject({
      retryConfig: RetryConfig,
      rateLimits: z
        .looseObject({ maxConcurrentDispatches: OptionalNumber, maxDispatchesPerSecond: OptionalNumber })
        .nullish(),
    })
    .optional(),
  scheduleTrigger: z
    .looseObject({ schedule: z.string(), timeZone: z.string().nullish(), retryConfig: RetryConfig })
    .optional(),
  eventTrigger: z
    .object({
      eventType: z.string(),
      eventFilters: z.record(z.string(), z.string()).default({}),
      eventFilterPathPatterns: z.record(z.string(), z.string()).default({}),
      retry: z.boolean().default(false),
    })
    .optional(),
});
type Triggers = z.infer<typeof Triggers>;

/** The functions framework's name for the kind of a function: Scheduler and Tasks call over HTTP, as a client does. */
export function signatureOf({ kind }: Trigger): "http" | "cloudevent" {
  return kind === "pubsub" || kind === "firestore" ? "cloudevent" : "http";
}

/** Reads what calls a function; `unsupported` for what nothing here plays. */
export function readTrigger(endpoint: Triggers): Trigger {
  if (endpoint.httpsTrigger || endpoint.callableTrigger) return { kind: "https" };
  const { taskQueueTrigger, scheduleTrigger, blockingTrigger, eventTrigger } = endpoint;
  if (taskQueueTrigger) return readTasks(taskQueueTrigger);
  // Its signature is one that the functions framework no longer has.
  if (endpoint.platform === "gcfv1") return { kind: "unsupported", what: "an event function of the 1st generation" };
  if (scheduleTrigger) return readSchedule(scheduleTrigger);
  if (blockingTrigger) return { kind: "unsupported", what: blockingTrigger.eventType };
  return eventTrigger ? readEvent(eventTrigger) : { kind: "unsupported", what: "no trigger" };
}

function readEvent(event: NonNullable<Triggers["eventTrigger"]>): Trigger {
  const { eventFilters: filters, eventFilterPathPatterns: patterns, retry } = event;
  if (event.eventType === "google.cloud.pubsub.topic.v1.messagePublished" && filters.topic !== undefined) {
    return { kind: "pubsub", topic: filters.topic, retry };
  }
  const document = patterns.document ?? filters.document;
  if (event.eventType.startsWith("google.cloud.firestore.document.v1.") && document !== undefined) {
    const { database = "(default)", namespace = "(default)" } = filters;
    const isPattern = patterns.document !== undefined;
    return { kind: "firestore", eventType: event.eventType, database, namespace, document, isPattern, retry };
  }
  return { kind: "unsupported", what: event.eventType };
}

/** The defaults of Cloud Scheduler: https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs */
function readSchedule(trigger: NonNullable<Triggers["scheduleTrigger"]>): Trigger {
  const { schedule, timeZone, retryConfig } = trigger;
  const recurrence = parseRecurrence(schedule, timeZone ?? undefined);
  if (recurrence === undefined) return { kind: "unsupported", what: `schedule "${schedule}"` };
  const retries = {
    maxAttempts: (retryConfig?.retryCount ?? 0) + 1,
    maxAgeSeconds: retryConfig?.maxRetrySeconds ?? 0,
    minBackoffSeconds: retryConfig?.minBackoffSeconds ?? 5,
    maxBackoffSeconds: retryConfig?.maxBackoffSeconds ?? 3_600,
    maxDoublings: retryConfig?.maxDoublings ?? 5,
  };
  return { kind: "schedule", recurrence, retries };
}

/** The defaults of a queue that Firebase makes: https://firebase.google.com/docs/functions/task-functions */
function readTasks({ retryConfig, rateLimits }: NonNullable<Triggers["taskQueueTrigger"]>): Trigger {
  return {
    kind: "tasks",
    limits: {
      maxConcurrent: rateLimits?.maxConcurrentDispatches ?? 1_000,
      maxPerSecond: rateLimits?.maxDispatchesPerSecond ?? 500,
    },
    retries: {
      maxAttempts: retryConfig?.maxAttempts ?? 3,
      maxAgeSeconds: retryConfig?.maxRetrySeconds ?? 0,
      minBackoffSeconds: retryConfig?.minBackoffSeconds ?? 0.1,
      maxBackoffSeconds: retryConfig?.maxBackoffSeconds ?? 3_600,
      maxDoublings: retryConfig?.maxDoublings ?? 16,
    },
  };
}
