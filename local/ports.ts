import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { LocalCloudError } from "./problem.ts";

/** Every address of the cloud that has a port of its own. */
export interface Ports {
  console: number;
  api: number;
  inbox: number;
  firestore: number;
  pubsub: number;
  auth: number;
}

/** The ports of `npm start`; those of the emulators are the ones Firebase's own tools use. */
export const DEFAULT_PORTS: Ports = {
  console: 5000,
  api: 5001,
  inbox: 5002,
  firestore: 8080,
  pubsub: 8085,
  auth: 9099,
};

/** The loopback address everything listens on: nothing of the local cloud is reachable from another machine. */
export const HOST = "127.0.0.1";

/** Below the ranges from which operating systems take the ports of outgoing connections (Linux: from 32768). */
const AUTO_PORTS = { first: 15_000, count: 15_000 };

const handedOut = new Set<number>();

/** A port nobody listens on at this moment, and that this process was not given before. Picked at random, so that two clouds starting side by side do not meet. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = AUTO_PORTS.first + randomInt(AUTO_PORTS.count);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
}

/** Free ports for every service. */
export async function freePorts(): Promise<Ports> {
  const [console, api, inbox, firestore, pubsub, auth] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return { console, api, inbox, firestore, pubsub, auth };
}

/** Checks that every port can be listened on; throws a `LocalCloudError` that names all those taken. */
export async function assertFree(ports: Partial<Ports>): Promise<void> {
  const checks = Object.entries(ports).map(async ([name, port]) =>
    (await isFree(port)) ? undefined : `${port} (${name})`,
  );
  const taken = (await Promise.all(checks)).filter((entry) => entry !== undefined);
  if (taken.length === 0) return;
  const [subject, verb] = taken.length === 1 ? ["Port", "is"] : ["Ports", "are"];
  throw new LocalCloudError(
    `${subject} ${taken.join(", ")} ${verb} taken by another program.\n` +
      "Stop that program (perhaps a local cloud is already running), or start on free ports: npm start -- --ports auto",
  );
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
