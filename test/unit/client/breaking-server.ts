import type { Socket } from "node:net";
import { startRawReceiver } from "../../support/hostile-receiver.ts";

/** The server's answer to one request: writes bytes, then ends the connection, resets it, or leaves it open. */
export interface Part {
  bytes: string | Buffer;
  ending: "end" | "reset" | "stall";
}

/** A server on a bare socket, which may answer what no HTTP server would. */
export interface BreakingServer {
  url: string;
  /** The whole requests that came, in order. */
  requests: string[];
  /** Answers to the next requests, in order; the last one stays. */
  parts: Part[];
  stop(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startBreakingServer(): Promise<BreakingServer> {
  const requests: string[] = [];
  const { port, stop } = await startRawReceiver((socket) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (!isWhole(text)) return;
      requests.push(text);
      text = "";
      answer(socket, server.parts.length > 1 ? server.parts.shift() : server.parts[0]);
    });
  });
  const server: BreakingServer = { url: `http://127.0.0.1:${port}`, requests, parts: [], stop };
  return server;
}

/** An answer of HTTP/1.1 that says how long its body is to be, whatever comes of it. */
export function httpAnswer(
  status: number,
  body: string | Buffer,
  headers: Record<string, string | number> = {},
): Buffer {
  const all = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Any\r\n${lines.join("")}\r\n`), Buffer.from(body)]);
}

function answer(socket: Socket, part: Part | undefined): void {
  if (!part) return;
  socket.write(part.bytes, () => {
    if (part.ending === "end") socket.end();
    if (part.ending === "reset") socket.resetAndDestroy();
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  return end >= 0 && Buffer.byteLength(text.slice(end + 4)) >= length;
}
