import { type Handler, readBody } from "../http.ts";
import type { Trigger } from "../manifest/manifest.ts";
import { callRest } from "../rest.ts";
import { documentEventRequest } from "./cloud-event.ts";
import type { Deliverer } from "./delivery.ts";

/** A function's trigger on documents. */
type FirestoreTrigger = Extract<Trigger, { kind: "firestore" }>;

/**
 * The path that the Firestore emulator calls for a trigger: the last segment is the trigger's id.
 */
const TRIGGER_PATH = /^\/functions\/projects\/[^/]+\/triggers\/([^/?]+)$/;

/** A document of 1 MiB before and after its change, in base64, is less than 3 MiB. */
const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/**
 * Answers the Firestore emulator's calls: takes charge of the event at once, so that the emulator, which never retries,
 * may forget it. Triggers whose function is gone stay registered in the emulator; their events end here.
 */
export function firestoreEventHandler(delivererOf: (triggerId: string) => Deliverer | undefined): Handler {
  return async (req, res) => {
    const body = await readBody(req, MAX_EVENT_BYTES);
    const deliverer = delivererOf(TRIGGER_PATH.exec(req.url ?? "")?.[1] ?? "");
    if (deliverer === undefined || body === undefined) {
      res.writeHead(deliverer === undefined ? 404 : 413).end();
      return;
    }
    const request = documentEventRequest(req.headers, body);
    deliverer.accept({ id: request.headers["ce-subject"] ?? "", request: () => request, settled: () => {} });
    res.writeHead(204).end();
  };
}

/** Tells the Firestore emulator which documents wake a function. Idempotent. */
export async function registerTrigger(
  host: string,
  projectId: string,
  triggerId: string,
  trigger: FirestoreTrigger,
): Promise<void> {
  const { eventType, database, namespace, document, isPattern } = trigger;
  const path = `/emulator/v1/projects/${projectId}/eventarcTrigger?eventarcTriggerId=${triggerId}`;
  const matchType = isPattern ? "PATH_PATTERN" : "EXACT";
  const body = { eventType, database, namespace, document: { value: document, matchType } };
  const headers = { authorization: "Bearer owner" };
  const { status, text } = await callRest(host, { method: "POST", path, headers, body });
  if (status !== 200) throw new Error(`The Firestore emulator refused the trigger of ${triggerId}: ${text}`);
}
