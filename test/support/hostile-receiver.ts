import { once } from "node:events";
import http, { type IncomingMessage, type RequestListener } from "node:http";
import https from "node:https";
import net from "node:net";
import type { Certificate } from "./certificates.ts";

/** A server on loopback that behaves as a test wants, and notes what reached it. */
export interface HostileReceiver {
  port: number;
  /** Connections accepted so far. */
  connections(): number;
  /** Requests read so far, in their order. */
  requests: IncomingMessage[];
  /** Breaks off what is open, and stops. */
  stop(): Promise<void>;
}

/** Its address: `address` default 127.0.0.1; over TLS when there is a certificate. */
export interface ReceiverOptions {
  address?: string;
  certificate?: Certificate;
}

/** A server whose answers `handle` writes. */
export function startHttpReceiver(handle: RequestListener, options: ReceiverOptions = {}): Promise<HostileReceiver> {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    request.resume();
    handle(request, response);
  };
  const { certificate } = options;
  const server = certificate ? https.createServer(certificate, listener) : http.createServer(listener);
  return start(server, requests, options);
}

/** A server that speaks no HTTP but what `handle` writes to the socket. */
export function startRawReceiver(handle: (socket: net.Socket) => void): Promise<HostileReceiver> {
  return start(net.createServer(handle), [], {});
}

/** Answers with these statuses in turn, the last one for ever. */
export function answering(
  ...answers: { status: number; headers?: Record<string, string>; body?: string }[]
): RequestListener {
  let turn = 0;
  return (_, response) => {
    const { status = 500, headers = {}, body = "" } = answers[Math.min(turn++, answers.length - 1)] ?? {};
    response.writeHead(status, headers).end(body);
  };
}

/** Writes `text` at this pace for ever, from the beginning again at its end, until the other side closes. */
export function dripping(text: string, pieceLength = 1): (socket: net.Socket) => void {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => {
      socket.write(text.slice(at, at + pieceLength));
      at = at + pieceLength >= text.length ? 0 : at + pieceLength;
    }, DRIP_EVERY_MS);
    socket.on("close", () => clearInterval(timer));
  };
}

const DRIP_EVERY_MS = 5;

async function start(
  server: net.Server,
  requests: IncomingMessage[],
  { address = "127.0.0.1" }: ReceiverOptions,
): Promise<HostileReceiver> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.listen(0, address);
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the receiver has no port");
  return {
    port: bound.port,
    connections: () => sockets.size,
    requests,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Keeps what a test started, and stops all of it. */
export function keeper() {
  const stops: (() => Promise<void>)[] = [];
  return {
    async keep<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
      const started = await starting;
      stops.push(started.stop);
      return started;
    },
    async stopAll(): Promise<void> {
      await Promise.all(stops.splice(0).map((stop) => stop()));
    },
  };
}
