import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { passedOnHeaders, withoutHopByHop } from "../doors/hop-by-hop.ts";
import { keepAliveAgent, refuse as refuseRequest } from "../http.ts";
import { HOST } from "../ports.ts";
import type { FunctionProcess } from "./function-process.ts";

/** The longest wait of a request for a function that is starting again. */
const START_WAIT_MS = 10_000;
const RECONNECT_PAUSE_MS = 25;

/**
 * Passes requests on to an HTTPS function, streaming both ways, as the platform's front end does: the function sees the
 * host the caller named and `x-forwarded-for`; one that takes too long is 504, one whose process is gone 503.
 */
export function httpDoor(
  target: () => FunctionProcess | undefined,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return (req, res) => forward(target(), req, res);
}

async function forward(target: FunctionProcess | undefined, req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (target === undefined) return refuse(res, 503, "The function is not deployed.");
  const waiting = AbortSignal.timeout(START_WAIT_MS);
  for (;;) {
    try {
      const socketPath = await target.socketPath(waiting);
      if ((await forwardTo(socketPath, target.spec.timeoutMs, req, res)) === "done") return;
      // The process died, which this program has not been told yet.
      await pause(RECONNECT_PAUSE_MS, undefined, { signal: waiting });
    } catch (error) {
      if (isUnusable(error))
        return refuseRequest(req, res, 400, "The request has a path, method or header that HTTP does not allow.");
      // Its own log says why it does not start.
      return refuse(res, 503, "The function is starting again.");
    }
  }
}

/**
 * Passes the request on once. `not-connected`: nothing was sent, so it may be tried again. A connection that breaks
 * later is answered 503, since the function may have acted on the request.
 */
function forwardTo(
  socketPath: string,
  timeoutMs: number,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<"done" | "not-connected"> {
  const headers = { ...passedOnHeaders(req.headers), ...forwarded(req) };
  const upstream = httpRequest({ socketPath, method: req.method, path: req.url, headers, agent: keepAliveAgent });
  const timeout = setTimeout(() => {
    upstream.destroy();
    refuse(res, 504, "The function did not answer in time.");
  }, timeoutMs);
  res.once("close", () => {
    clearTimeout(timeout);
    upstream.destroy();
  });
  return new Promise((resolve) => {
    let isConnected = false;
    const send = () => {
      isConnected = true;
      req.pipe(upstream);
    };
    upstream.on("socket", (socket) => (socket.connecting ? socket.once("connect", send) : send()));
    upstream.on("response", (answer) => {
      res.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
      // The first chunk of a streamed answer may be long in coming.
      res.flushHeaders();
      // A stream that breaks half way cannot be repaired: both sides are closed, which the client notices.
      pipeline(answer, res, () => resolve("done"));
    });
    upstream.on("error", () => {
      if (!isConnected && !res.headersSent && !res.closed) {
        clearTimeout(timeout);
        return resolve("not-connected");
      }
      refuse(res, 503, "The function's process ended before it answered.");
      resolve("done");
    });
  });
}

/** The headers that the platform's front end adds. */
function forwarded(req: IncomingMessage): Record<string, string> {
  return { "x-forwarded-for": req.socket.remoteAddress ?? HOST, "x-forwarded-proto": "http" };
}

/**
 * True for the errors by which Node refuses to send a request that its own parser has let in: its text is the fault,
 * not the function.
 */
function isUnusable(error: unknown): boolean {
  return error instanceof TypeError && "code" in error;
}

function refuse(res: ServerResponse, status: number, detail: string): void {
  // Already answered, or half way through an answer that cannot be taken back.
  if (res.headersSent) {
    if (!res.writableEnded) res.destroy();
    return;
  }
  const title = status === 504 ? "Gateway Timeout" : "Service Unavailable";
  const problem = { type: "/problems/unavailable", title, status, detail, code: "unavailable", requestId: "none" };
  res.writeHead(status, {
    "content-type": "application/problem+json",
    "retry-after": "1",
    "access-control-allow-origin": "*",
  });
  res.end(JSON.stringify(problem));
}
