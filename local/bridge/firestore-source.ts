import { type Handler, readBody } from "../http.ts";
import type { FunctionSpec, Trigger } from "../manifest.ts";
import { callRest } from "../rest.ts";
import { documentEventRequest } from "./cloud-event.ts";
import type { Deliverer } from "./delivery.ts";

/** A function that Firestore events wake. */
export interface FirestoreTarget {
  spec: FunctionSpec;
  trigger: Extract<Trigger, { kind: "firestore" }>;
  deliverer: Deliverer;
}

/**
 * The path that the Firestore emulator calls for a trigger: the last segment is the trigger's id, which is the
 * function's name.
 */
const TRIGGER_PATH = /^\/functions\/projects\/[^/]+\/triggers\/([^/?]+)$/;

/** A document of 1 MiB before and after its change, in base64, is less than 3 MiB. */
const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/**
 * Answers the Firestore emulator's calls: takes charge of the event at once, so that the emulator, which never retries,
 * may forget it.
 */
export function firestoreEventHandler(targets: FirestoreTarget[]): Handler {
  return async (req, res) => {
    const body = await readBody(req, MAX_EVENT_BYTES);
    const name = TRIGGER_PATH.exec(req.url ?? "")?.[1];
    const target = targets.find(({ spec }) => spec.name === name);
    if (target === undefined || body === undefined) {
      res.writeHead(target === undefined ? 404 : 413).end();
      return;
    }
    const request = documentEventRequest(req.headers, body);
    target.deliverer.accept({ id: request.headers["ce-subject"] ?? "", request: () => request, settled: () => {} });
    res.writeHead(204).end();
  };
}

/** Tells the Firestore emulator which documents wake a function. Idempotent. */
export async function registerTrigger(
  firestoreHost: string,
  projectId: string,
  target: FirestoreTarget,
): Promise<void> {
  const { eventType, database, namespace, document, isPattern } = target.trigger;
  const path = `/emulator/v1/projects/${projectId}/eventarcTrigger?eventarcTriggerId=${target.spec.name}`;
  const matchType = isPattern ? "PATH_PATTERN" : "EXACT";
  const body = { eventType, database, namespace, document: { value: document, matchType } };
  const headers = { authorization: "Bearer owner" };
  const { status, text } = await callRest(firestoreHost, { method: "POST", path, headers, body });
  if (status !== 200) throw new Error(`The Firestore emulator refused the trigger of ${target.spec.name}: ${text}`);
}
