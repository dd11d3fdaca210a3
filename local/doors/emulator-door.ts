import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { createDoor, type DoorOptions, keepAliveAgent, type Listening, type LocalAddress, listenOn } from "../http.ts";
import { HOST } from "../ports.ts";
import { passedOnHeaders, withoutHopByHop } from "./hop-by-hop.ts";

/** The first bytes of an HTTP/2 connection without TLS; no browser opens one: RFC 9113, section 3.4. */
const HTTP2_PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** The longest silence of a new connection. */
const SILENCE_MS = 60_000;

/**
 * Listens on `port` for an emulator, which checks neither Host nor Origin. HTTP/1 requests, which pages send, are
 * judged by the rules and passed on, streaming both ways. HTTP/2 connections, which only gRPC clients open, are passed
 * on byte by byte. When the emulator is not there the connection breaks off, as at a closed port.
 */
export async function openEmulatorDoor(target: LocalAddress, port: number, options: DoorOptions): Promise<Listening> {
  const sockets = new Set<Socket>();
  const http = createDoor((req, res) => forward(target, req, res), options);
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    sniff(socket, (isHttp2) => {
      if (isHttp2) return tunnel(target, socket);
      http.emit("connection", socket);
      socket.resume();
    });
  });
  const actual = await listenOn(server, port, options.name);
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    http.close();
    await closed;
  };
  return { port: actual, url: `http://${HOST}:${actual}`, close };
}

/** Reads until the first bytes say which protocol it is, puts them back, and tells. */
function sniff(socket: Socket, onProtocol: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  const onData = (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk]);
    const isPrefix = seen.subarray(0, HTTP2_PREFACE.length).equals(HTTP2_PREFACE.subarray(0, seen.length));
    if (isPrefix && seen.length < HTTP2_PREFACE.length) return;
    socket.off("data", onData);
    socket.pause();
    socket.setTimeout(0);
    socket.removeAllListeners("timeout");
    socket.unshift(seen);
    onProtocol(isPrefix);
  };
  socket.on("data", onData);
}

function tunnel(target: LocalAddress, socket: Socket): void {
  const upstream = connect({
    ...("socketPath" in target ? { path: target.socketPath } : { ...target, noDelay: true }),
    allowHalfOpen: true,
  });
  pipeline(socket, upstream, () => {});
  pipeline(upstream, socket, () => {});
}

/**
 * Passes one request on; the answer streams back. The connection is kept: where a server closes it after its answer,
 * Node's last write to a socket, though empty, can fail before the answer is read.
 */
function forward(target: LocalAddress, req: IncomingMessage, res: ServerResponse): void {
  const headers = passedOnHeaders(req.headers);
  const upstream = httpRequest({ ...target, agent: keepAliveAgent, method: req.method, path: req.url, headers });
  res.once("close", () => upstream.destroy());
  upstream.on("response", (answer) => {
    res.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
    res.flushHeaders();
    pipeline(answer, res, () => {});
  });
  upstream.on("error", () => res.destroy());
  req.pipe(upstream);
}
