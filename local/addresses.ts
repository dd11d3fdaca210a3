import { HOST, type Ports } from "./ports.ts";

/** The addresses of a running local cloud. URLs have no trailing slash; hosts are `address:port`. */
export interface Addresses {
  apiUrl: string;
  consoleUrl: string;
  inboxUrl: string;
  firestoreHost: string;
  pubsubHost: string;
  authHost: string;
  storageUrl: string;
  /** Where `firebase-admin` adds tasks: `CLOUD_TASKS_EMULATOR_HOST`. */
  tasksHost: string;
  projectId: string;
}

/** The addresses of a cloud for a project at these ports. */
export function addressesOf(ports: Ports, projectId: string): Addresses {
  return {
    apiUrl: `http://${HOST}:${ports.api}`,
    consoleUrl: `http://${HOST}:${ports.console}`,
    inboxUrl: `http://${HOST}:${ports.inbox}`,
    firestoreHost: `${HOST}:${ports.firestore}`,
    pubsubHost: `${HOST}:${ports.pubsub}`,
    authHost: `${HOST}:${ports.auth}`,
    storageUrl: `http://${HOST}:${ports.storage}`,
    tasksHost: `${HOST}:${ports.tasks}`,
    projectId,
  };
}
