import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { FunctionRequest } from "../http/node-handler.ts";
import type { ReceivedMessage } from "../jobs/rules/dead-letter.ts";
import type { Fields } from "../platform/firestore/documents.ts";

/** What every function may say of its machines, as `firebase-functions` takes it. */
export type FunctionOptions = Omit<import("firebase-functions/v2").GlobalOptions, "vpcConnector">;

/*
 * A process runs one function. The SDK's modules are loaded by `require` when a function is declared, so that a process
 * pays for those of its own trigger only: that of Firestore alone takes 200 ms.
 */
const require = createRequire(import.meta.url);

type Load<Handler> = () => Promise<Handler>;

/** An HTTPS function that anybody may call. */
export function httpsFunction(
  options: FunctionOptions,
  load: Load<(req: FunctionRequest, res: ServerResponse) => Promise<void>>,
) {
  const { onRequest }: typeof import("firebase-functions/v2/https") = require("firebase-functions/v2/https");
  return onRequest({ ...options, invoker: "public" }, async (req, res) => (await load())(req, res));
}

/** A function that is called with each message of a topic; one that rejects asks for the message again. */
export function topicFunction(
  options: FunctionOptions & { topic: string },
  load: Load<(message: ReceivedMessage) => Promise<void>>,
) {
  const { onMessagePublished }: typeof import("firebase-functions/v2/pubsub") = require("firebase-functions/v2/pubsub");
  return onMessagePublished({ ...options, retry: true }, async (event) => (await load())(event.data.message));
}

/** A function that is called with the fields of each document that is created; one that rejects asks for the event again. */
export function createdFunction(
  options: FunctionOptions & { document: string },
  load: Load<(fields: Fields | undefined) => Promise<void>>,
) {
  const sdk: typeof import("firebase-functions/v2/firestore") = require("firebase-functions/v2/firestore");
  return sdk.onDocumentCreated({ ...options, retry: true }, async (event) => (await load())(event.data?.data()));
}

/** A function that is called once a minute. */
export function minutelyFunction(options: FunctionOptions, load: Load<() => Promise<void>>) {
  const { onSchedule }: typeof import("firebase-functions/v2/scheduler") = require("firebase-functions/v2/scheduler");
  return onSchedule({ ...options, schedule: "every 1 minutes" }, async () => (await load())());
}
