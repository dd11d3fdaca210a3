import type { ServerResponse } from "node:http";
import type { FunctionRequest } from "../http/node-handler.ts";
import type { Setting } from "../job-types/setting.ts";
import type { ReceivedMessage } from "../jobs/rules/dead-letter.ts";
import { cloudLog } from "../platform/log.ts";
import { type FunctionOptions, isRunning, sdk } from "./sdk.ts";

/** An event of Pub/Sub, as the functions framework hands it over. */
interface TopicEvent {
  data: { message: ReceivedMessage };
}

/** An event of Firestore, as the functions framework hands it over. */
interface DocumentEvent {
  data: unknown;
}

type Load<Handler> = () => Promise<Handler>;

/** Declares an HTTPS function that is open to every caller: it authenticates requests itself. */
export function httpsFunction(
  options: FunctionOptions,
  load: Load<(req: FunctionRequest, res: ServerResponse) => Promise<void>>,
) {
  const handle = (req: FunctionRequest, res: ServerResponse) => answered(res, async () => (await load())(req, res));
  if (isRunning()) return handle;
  return sdk("https").onRequest({ ...options, invoker: "public" }, handle);
}

/** Declares a function that is called with each message of a topic. Rejecting asks for the message again. */
export function topicFunction(
  options: FunctionOptions & { topic: string },
  load: Load<(message: ReceivedMessage) => Promise<void>>,
) {
  const handle = async ({ data }: TopicEvent) => (await load())(data.message);
  if (isRunning()) return handle;
  return sdk("pubsub").onMessagePublished({ ...options, retry: true }, handle);
}

/**
 * Declares a function that is called with the event's data of each created document, which `documentOfEvent` reads.
 * Rejecting asks for the event again.
 */
export function createdFunction(
  options: FunctionOptions & { document: string; database: Setting<string> },
  load: Load<(data: unknown) => Promise<void>>,
) {
  if (isRunning()) return async ({ data }: DocumentEvent) => (await load())(data);
  return sdk("firestore").onDocumentCreated({ ...options, retry: true }, () => {
    throw new Error("This process declares the function; it does not run it.");
  });
}

/** Declares a function that is called once a minute. */
export function minutelyFunction(options: FunctionOptions, load: Load<() => Promise<void>>) {
  if (isRunning()) {
    // Cloud Scheduler calls over HTTP, and counts any answer but a success as a failure.
    return (_: FunctionRequest, res: ServerResponse) =>
      answered(res, async () => {
        await (await load())();
        res.end();
      });
  }
  return sdk("scheduler").onSchedule({ ...options, schedule: "every 1 minutes" }, async () => (await load())());
}

/** Answers 500 when an HTTP handler rejects, and cuts an answer that has begun. The framework would do neither. */
async function answered(res: ServerResponse, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    cloudLog.error("A function failed.", { event: "function.failed", error });
    // Half an answer must not look complete.
    if (res.headersSent) return void res.destroy();
    res.statusCode = 500;
    res.end();
  }
}
