import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { after, before } from "mocha";

/**
 * A fault of an answer. `cut` ends the connection in the middle of the body. `stall` sends no more than half of it.
 * `unavailable` is a 503 that the server knows nothing of. `lost` ends the connection once the server has answered.
 */
export type Fault = "cut" | "stall" | "unavailable" | "lost";

/** A network in front of a server, which a test can break. */
export interface FaultyProxy {
  /** `host:port`. */
  host: string;
  /**
   * The faults of the next answers to requests whose method and path, such as `POST /v1/jobs`, match; each fault is
   * used once.
   */
  faults: { matching: RegExp; fault: Fault }[];
  /** Ends every connection and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
}

/** Starts one in front of `target()` (`host:port`) before the tests of this block, and stops it after them. */
export function faultyProxy(target: () => string): FaultyProxy {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((req, res) => {
    const index = proxy.faults.findIndex(({ matching }) => matching.test(`${req.method} ${req.url}`));
    const [used] = index < 0 ? [] : proxy.faults.splice(index, 1);
    pass(target(), req, res, used?.fault);
  });
  server.on("connection", (socket) => {
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    sockets.add(socket);
    if (isCut) socket.destroy();
  });
  const proxy: FaultyProxy = {
    host: "",
    faults: [],
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    restore() {
      isCut = false;
    },
  };
  before(async () => {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    proxy.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return proxy;
}

/**
 * Forwards a request under the target's own name, and its answer with the fault. Each request has a connection of its
 * own: a browser silently repeats a request whose reused connection ends, and would use up the next fault.
 */
function pass(target: string, req: IncomingMessage, res: ServerResponse, fault: Fault | undefined): void {
  if (fault === "unavailable") {
    res.writeHead(503, { "content-type": "text/plain", "access-control-allow-origin": "*" }).end("away");
    return;
  }
  const [hostname, port] = target.split(":");
  const onward = request({
    hostname,
    port,
    method: req.method,
    path: req.url,
    headers: { ...req.headers, host: target },
  });
  onward.on("response", (answer) => {
    if (fault) void spoil(answer, res, fault);
    else {
      res.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: "close" });
      answer.on("error", () => res.destroy()).pipe(res);
    }
  });
  onward.on("error", () => res.destroy());
  res.on("close", () => onward.destroy());
  req.pipe(onward);
}

async function spoil(answer: IncomingMessage, res: ServerResponse, fault: Fault): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  if (fault === "lost") return void res.destroy();
  const body = Buffer.concat(chunks);
  const { "transfer-encoding": _, ...headers } = answer.headers;
  res.writeHead(answer.statusCode ?? 502, { ...headers, "content-length": body.byteLength });
  res.write(body.subarray(0, body.byteLength >> 1), () => {
    if (fault === "cut") res.destroy();
  });
}
