import type { IncomingMessage, ServerResponse } from "node:http";
import type { FunctionSpec, Trigger } from "../manifest.ts";
import { documentEventRequest } from "./cloud-event.ts";
import type { Deliverer } from "./delivery.ts";

/** A function that Firestore events wake. */
export interface FirestoreTarget {
  spec: FunctionSpec;
  trigger: Extract<Trigger, { kind: "firestore" }>;
  deliverer: Deliverer;
}

/** What the Firestore emulator calls for a trigger: the last segment is the trigger's id, which is the function's name. */
const TRIGGER_PATH = /^\/functions\/projects\/[^/]+\/triggers\/([^/?]+)$/;

/** Answers the Firestore emulator's calls: takes charge of the event at once, so that the emulator, which never retries, may forget it. */
export function firestoreEventHandler(targets: FirestoreTarget[]): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const name = TRIGGER_PATH.exec(req.url ?? "")?.[1];
      const target = targets.find(({ spec }) => spec.name === name);
      if (target === undefined) {
        res.writeHead(404).end();
        return;
      }
      const request = documentEventRequest(req.headers, Buffer.concat(chunks).toString());
      target.deliverer.accept({ id: request.headers["ce-subject"] ?? "", request: () => request, settled: () => {} });
      res.writeHead(204).end();
    });
  };
}

/** Tells the Firestore emulator which documents wake a function. Idempotent. */
export async function registerTrigger(
  firestoreHost: string,
  projectId: string,
  target: FirestoreTarget,
): Promise<void> {
  const { eventType, database, namespace, document, isPattern } = target.trigger;
  const url = `http://${firestoreHost}/emulator/v1/projects/${projectId}/eventarcTrigger?eventarcTriggerId=${target.spec.name}`;
  const matchType = isPattern ? "PATH_PATTERN" : "EXACT";
  const body = JSON.stringify({ eventType, database, namespace, document: { value: document, matchType } });
  const headers = { "content-type": "application/json", authorization: "Bearer owner" };
  const response = await fetch(url, { method: "POST", headers, body });
  if (!response.ok)
    throw new Error(`The Firestore emulator refused the trigger of ${target.spec.name}: ${await response.text()}`);
}
