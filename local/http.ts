import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type Server as NetServer } from "node:net";
import { type DoorRules, refusalOf } from "./doors/judge-request.ts";
import { parseUrl } from "./parse-url.ts";
import { HOST } from "./ports.ts";
import { LocalCloudError } from "./problem.ts";

/**
 * Connections to processes of this machine, kept open between requests. Node's servers close theirs after five seconds
 * of rest, and a request that is sent at that moment fails, so they rest for one second at most.
 */
export const keepAliveAgent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 1000 });

/** True while a request through `keepAliveAgent` to the process at a socket is under way. */
export function isInUse(socketPath: string): boolean {
  return Object.entries(keepAliveAgent.sockets).some(
    ([name, sockets]) => name.endsWith(`:${socketPath}`) && (sockets?.length ?? 0) > 0,
  );
}

/**
 * How long a connection of a client may rest, as at the front end of Google's load balancers. A client that sends a
 * request at the moment its connection is closed sees it fail. Source:
 * https://docs.cloud.google.com/load-balancing/docs/https/request-distribution
 */
const CLIENT_KEEP_ALIVE_MS = 610_000;

/**
 * The longest time that a client may take to send the head of a request, and all of it. The second is the longest
 * timeout of a function.
 */
const HEAD_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 540_000;

/** The address of a process of this machine: a port of a loopback address, or a socket in a folder. */
export type LocalAddress = { host: string; port: number } | { socketPath: string };

/** Answers one request. An error that it throws, or rejects with, is logged and answered 500. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

/** A server that is listening; `port` 0 takes a free one. */
export interface Listening {
  port: number;
  url: string;
  /** Stops listening and cuts the connections that are still open. */
  close(): Promise<void>;
}

/** A door's name in logs and errors, the rules of who may use it, and its log. */
export interface DoorOptions {
  name: string;
  rules?: DoorRules;
  log?(line: string): void;
}

/**
 * Listens on the loopback address; a taken port throws a `LocalCloudError`. No request that arrives ends the process.
 */
export async function listen(handler: Handler, port: number, options: DoorOptions): Promise<Listening> {
  const server = createDoor(handler, options);
  const actual = await listenOn(server, port, options.name);
  return { port: actual, url: `http://${HOST}:${actual}`, close: () => closeServer(server) };
}

/** An HTTP server that lets in what `rules` allow, and answers 500 where `handler` fails. It does not listen yet. */
export function createDoor(handler: Handler, { name, rules, log = () => {} }: DoorOptions): Server {
  const server = createServer((req, res) => {
    // A client may go away at any time: that is no failure of the door or the handler.
    req.on("error", () => {});
    res.on("error", () => {});
    const refusal = rules && refusalOf(req, rules);
    if (refusal !== undefined) return refuse(req, res, 403, refusal);
    void answer(handler, req, res).catch((error: unknown) => {
      if (req.errored) return; // The client went away while it was sending.
      log(`${name}: ${req.method} ${req.url} failed: ${error instanceof Error ? error.stack : String(error)}`);
      refuse(req, res, 500, "The local cloud failed at this request; its log says why.");
    });
  });
  server.headersTimeout = HEAD_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = CLIENT_KEEP_ALIVE_MS;
  return server;
}

async function answer(handler: Handler, req: IncomingMessage, res: ServerResponse): Promise<void> {
  await handler(req, res);
}

/** Answers with a sentence, or breaks the answer off when a part of it is sent. */
export function refuse(req: IncomingMessage, res: ServerResponse, status: number, sentence: string): void {
  if (res.headersSent) {
    if (!res.writableEnded) res.destroy();
    return;
  }
  // The rest of the request is thrown away, so that the client, which may still send it, sees the answer.
  req.resume();
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  res.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(`${sentence}\n`);
}

/** Makes a server listen on the loopback address, and answers its port. */
export function listenOn(server: NetServer, port: number, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // Also later: a server that cannot accept a connection, for want of file descriptors, says so by this event.
    server.on("error", (error: Error) =>
      reject(new LocalCloudError(`The ${name} cannot listen on port ${port}: ${error.message}`)),
    );
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * The target of a request as a URL, whatever its form: `/path`, `http://host/path`. Undefined when it is none, such as
 * `*`.
 */
export function requestUrl(req: IncomingMessage): URL | undefined {
  const target = req.url ?? "/";
  return parseUrl(target.startsWith("/") ? `http://local${target}` : target);
}

/**
 * Resolves once something accepts connections at the address; rejects with the signal's reason when it aborts first.
 */
export async function whenListening(address: LocalAddress, signal: AbortSignal): Promise<void> {
  while (!(await accepts(address))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function accepts(address: LocalAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect("socketPath" in address ? { path: address.socketPath } : address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/**
 * The whole body of a request as text; undefined when it has more than `maxBytes`. Rejects when the client goes away.
 */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes > maxBytes ? undefined : Buffer.concat(chunks).toString();
}
