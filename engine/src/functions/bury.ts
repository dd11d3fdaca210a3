import { firestoreDeadLetterStore } from "../jobs/firestore/dead-letter-store.ts";
import { handleDeadLetter } from "../jobs/handle-dead-letter.ts";
import type { ReceivedMessage } from "../jobs/rules/dead-letter.ts";
import type { Deployment } from "./deployment.ts";
import { sharedPorts } from "./shared-ports.ts";

/** Function `bury`: keeps dead letters, and fails the jobs whose messages Pub/Sub gave up. */
export function buryHandler(deployment: Deployment): (message: ReceivedMessage) => Promise<void> {
  const { database, ...shared } = sharedPorts(deployment);
  const ports = { ...shared, deadLetters: firestoreDeadLetterStore(database) };
  return (message) => handleDeadLetter(ports, message);
}
