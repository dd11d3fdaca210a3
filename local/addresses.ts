import { HOST, type Ports } from "./ports.ts";
import { LOCAL_PROJECT_ID } from "./secrets.ts";

/** The addresses of a running local cloud. URLs have no trailing slash; hosts are `address:port`. */
export interface Addresses {
  apiUrl: string;
  consoleUrl: string;
  inboxUrl: string;
  firestoreHost: string;
  pubsubHost: string;
  authHost: string;
  storageUrl: string;
  projectId: string;
}

export function addressesOf(ports: Ports): Addresses {
  return {
    apiUrl: `http://${HOST}:${ports.api}`,
    consoleUrl: `http://${HOST}:${ports.console}`,
    inboxUrl: `http://${HOST}:${ports.inbox}`,
    firestoreHost: `${HOST}:${ports.firestore}`,
    pubsubHost: `${HOST}:${ports.pubsub}`,
    authHost: `${HOST}:${ports.auth}`,
    storageUrl: `http://${HOST}:${ports.storage}`,
    projectId: LOCAL_PROJECT_ID,
  };
}
