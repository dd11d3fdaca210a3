import { request as httpRequest } from "node:http";
import { keepAliveAgent } from "./http.ts";

/** A request with a JSON body. */
export interface RestCall {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body: unknown;
  signal?: AbortSignal | undefined;
}

/**
 * Calls an emulator behind its door; `host` is `address:port`. Resolves with the status and the body's text, and
 * rejects when there is no answer. Not `fetch`, which refuses the ports that browsers refuse, and may go through a
 * proxy.
 */
export function callRest(host: string, call: RestCall): Promise<{ status: number; text: string }> {
  const { method, path, headers, body, signal } = call;
  const url = new URL(`http://${host}`);
  const json = Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: url.hostname,
      port: url.port,
      method,
      path,
      headers: { "content-type": "application/json", "content-length": json.byteLength, ...headers },
      agent: keepAliveAgent,
      ...(signal && { signal }),
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    request.end(json);
  });
}
