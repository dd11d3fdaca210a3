import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { LocalCloudError } from "./problem.ts";
import { programAt } from "./program-at.ts";

/** Every address of the cloud that has a port of its own. */
export interface Ports {
  console: number;
  api: number;
  inbox: number;
  firestore: number;
  pubsub: number;
  auth: number;
  storage: number;
  tasks: number;
}

/** The ports of `npm start`; those of the emulators are the ones Firebase's own tools use. */
export const DEFAULT_PORTS: Ports = {
  console: 5000,
  api: 5001,
  inbox: 5002,
  firestore: 8080,
  pubsub: 8085,
  auth: 9099,
  storage: 9199,
  tasks: 9499,
};

/** The loopback address everything listens on: nothing of the local cloud is reachable from another machine. */
export const HOST = "127.0.0.1";

/** Ports that browsers, and `fetch` of Node, refuse to connect to: https://fetch.spec.whatwg.org/#port-blocking */
export const BROWSER_BLOCKED_PORTS: readonly number[] = [
  ...[0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109],
  ...[110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530],
  ...[531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190],
  ...[5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080],
];

/** Below the ranges from which operating systems take the ports of outgoing connections (Linux: from 32768). */
const AUTO_PORTS = { first: 15_000, count: 15_000 };

const handedOut = new Set<number>();

/**
 * Finds a port on which no process listens, and that this process was not given before. Picks at random, so that two
 * clouds that start side by side do not meet.
 */
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
  const ports = { ...DEFAULT_PORTS };
  for (const name of Object.keys(ports).filter(isPortName)) ports[name] = await freePort();
  return ports;
}

/** True for the name of a port of the cloud. */
export function isPortName(name: string): name is keyof Ports {
  return Object.hasOwn(DEFAULT_PORTS, name);
}

/**
 * Checks that every port can be listened on; throws a `LocalCloudError` that says for each that cannot why not, and
 * what to do.
 */
export async function assertFree(ports: Partial<Ports>): Promise<void> {
  const checks = Object.entries(ports).map(async ([name, port]) => ({ name, port, code: await listenError(port) }));
  const failed = (await Promise.all(checks)).filter(({ code }) => code !== undefined);
  if (failed.length === 0) return;
  const taken = failed.filter(({ code }) => code === "EADDRINUSE");
  const privileged = failed.filter(({ code }) => code === "EACCES");
  const others = failed.filter(({ code }) => code !== "EADDRINUSE" && code !== "EACCES");
  const sentences = [
    ...(taken.length > 0 ? [await takenSentence(taken)] : []),
    ...(privileged.length > 0
      ? [`${listOf(privileged)} may not be opened by this user: take ports from 1024 up.`]
      : []),
    ...others.map((failure) => `${listOf([failure])} cannot be listened on (${failure.code}).`),
  ];
  throw new LocalCloudError(sentences.join("\n"));
}

interface PortFailure {
  name: string;
  port: number;
  code: string | undefined;
}

async function takenSentence(taken: PortFailure[]): Promise<string> {
  const programs = new Set(await Promise.all(taken.map(({ port }) => programAt(port))));
  const known = [...programs].filter((program) => program !== undefined);
  const by = known.length === 0 ? "another program" : known.join(", ");
  const verb = taken.length === 1 ? "is" : "are";
  return (
    `${listOf(taken)} ${verb} taken by ${by}.\n` +
    "Stop that program (perhaps a local cloud is already running), or start on free ports: npm start -- --ports auto"
  );
}

function listOf(failures: PortFailure[]): string {
  const named = failures.map(({ name, port }) => `${port} (${name})`).join(", ");
  return `${failures.length === 1 ? "Port" : "Ports"} ${named}`;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenError(port)) === undefined;
}

/** The code of the error with which a port refuses to be listened on; undefined when it does not. */
function listenError(port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, HOST, () => server.close(() => resolve(undefined)));
  });
}
