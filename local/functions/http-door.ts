import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { keepAliveAgent } from "../http.ts";
import { HOST } from "../ports.ts";
import type { FunctionProcess } from "./function-process.ts";

/** How long a request waits for a function that is starting again. */
const START_WAIT_MS = 10_000;

/** Headers that concern one connection, not the message: RFC 9110 section 7.6.1. */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"];

/**
 * Passes requests on to an HTTPS function, streaming both ways, as the platform's front end does: the function sees the host the
 * caller named and `x-forwarded-for`; one that takes too long is 504, one whose process is gone 503.
 */
export function httpDoor(
  target: () => FunctionProcess | undefined,
): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    void forward(target(), req, res);
  };
}

async function forward(target: FunctionProcess | undefined, req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (target === undefined) return refuse(res, 503, "The function is not deployed.");
  let port: number;
  try {
    port = await target.port(AbortSignal.timeout(START_WAIT_MS));
  } catch {
    // Its own log says why it does not start.
    return refuse(res, 503, "The function is starting again.");
  }
  const headers: NodeJS.Dict<string | string[]> = {
    ...req.headers,
    "x-forwarded-for": req.socket.remoteAddress,
    "x-forwarded-proto": "http",
  };
  for (const name of HOP_BY_HOP) delete headers[name];
  const signal = AbortSignal.timeout(target.spec.timeoutMs);
  const upstream = httpRequest({ host: HOST, port, method: req.method, path: req.url, headers, agent: keepAliveAgent });
  signal.addEventListener("abort", () => upstream.destroy(new Error("timeout")));
  upstream.on("response", (answer) => {
    res.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
    // A stream that breaks half way cannot be repaired: both sides are closed, which the client notices.
    pipeline(answer, res, () => {});
  });
  upstream.on("error", () => {
    if (signal.aborted) refuse(res, 504, "The function did not answer in time.");
    else refuse(res, 503, "The function's process ended before it answered.");
  });
  res.on("close", () => upstream.destroy());
  req.pipe(upstream);
}

function withoutHopByHop(headers: NodeJS.Dict<string | string[]>): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

function refuse(res: ServerResponse, status: number, detail: string): void {
  if (res.headersSent) {
    res.destroy();
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
