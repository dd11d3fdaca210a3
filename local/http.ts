import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect } from "node:net";
import { HOST } from "./ports.ts";
import { LocalCloudError } from "./problem.ts";

/**
 * Connections to processes of this machine, kept open between requests. Node's servers close theirs after five seconds of rest, and a
 * request that is sent at that moment fails, so they rest for one second at most.
 */
export const keepAliveAgent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 1000 });

/**
 * How long a connection of a client may rest, as at the front end of Google's load balancers. A client that sends a request at the moment
 * its connection is closed sees it fail.
 * Source: https://docs.cloud.google.com/load-balancing/docs/https/request-distribution
 */
const CLIENT_KEEP_ALIVE_MS = 610_000;

/** A server that is listening; `port` 0 takes a free one. */
export interface Listening {
  port: number;
  url: string;
  /** Stops listening and cuts the connections that are still open. */
  close(): Promise<void>;
}

/** Listens on the loopback address; a taken port throws a `LocalCloudError`. No request ends the process: one that `handler` fails at is answered 500. */
export function listen(handler: RequestListener, port: number, name: string): Promise<Listening> {
  const server = createServer((req, res) => void answer(handler, req, res));
  server.requestTimeout = 0;
  server.keepAliveTimeout = CLIENT_KEEP_ALIVE_MS;
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new LocalCloudError(`The ${name} cannot listen on port ${port}: ${error.message}`)),
    );
    server.listen(port, HOST, () => {
      const address = server.address();
      const actual = address !== null && typeof address === "object" ? address.port : port;
      resolve({ port: actual, url: `http://${HOST}:${actual}`, close: () => closeServer(server) });
    });
  });
}

async function answer(handler: RequestListener, req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    await handler(req, res);
  } catch (error) {
    console.error(`${req.method} ${req.url} failed:`, error);
    if (res.headersSent) res.destroy();
    else res.writeHead(500, { "content-type": "text/plain" }).end("The local cloud could not answer this request.\n");
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Resolves once something accepts connections on the port; rejects with the signal's reason when it aborts first. */
export async function whenListening(port: number, signal: AbortSignal): Promise<void> {
  while (!(await accepts(port))) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** The whole body of a request as text. */
export async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
