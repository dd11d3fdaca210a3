import { request as httpRequest } from "node:http";
import type { EventRequest } from "../bridge/send-once.ts";
import { keepAliveAgent } from "../http.ts";
import type { FunctionProcess } from "./function-process.ts";

/**
 * Posts an event to a function, waiting for its process while it restarts; answers the status. Aborting the signal
 * closes the connection, which the function notices.
 */
export async function sendEvent(target: FunctionProcess, event: EventRequest, signal: AbortSignal): Promise<number> {
  const socketPath = await target.socketPath(signal);
  return new Promise((resolve, reject) => {
    const headers = { ...event.headers, "content-length": String(event.body.byteLength) };
    const req = httpRequest({ socketPath, method: "POST", path: "/", headers, agent: keepAliveAgent, signal });
    req.on("response", (res) => {
      res.resume();
      res.on("error", reject);
      res.on("end", () => resolve(res.statusCode ?? 0));
    });
    req.on("error", reject);
    req.end(event.body);
  });
}
