import type { IncomingMessage, ServerResponse } from "node:http";
import { MAX_BODY_BYTES } from "./json-body.ts";
import { leaveRequestsUntouched } from "./untouched-requests.ts";

/** What answers requests: `createApi(ports).fetch`. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** A request as a function is given it: Node's own, and `rawBody` when the functions framework has read the body. */
export type FunctionRequest = IncomingMessage & { rawBody?: Buffer };

/** Methods that `Request` refuses to carry. */
const UNCARRIED = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * Serves an HTTPS function with a `Fetch`. `getFetch` is called for the first request, not before: the Firebase CLI
 * loads the code without its environment. From this call on the framework leaves requests to us (`leaveRequestsUntouched`).
 */
export function nodeHandler(getFetch: () => Fetch): (req: FunctionRequest, res: ServerResponse) => Promise<void> {
  leaveRequestsUntouched();
  return (req, res) => serve(getFetch(), req, res);
}

/**
 * Answers one request of Node's with a `Fetch`. The body reaches `fetch` as it was sent; of one that is over the limit,
 * the first bytes beyond it, so that `fetch` sees that it is.
 */
export async function serve(fetch: Fetch, req: FunctionRequest, res: ServerResponse): Promise<void> {
  const body = await readBody(req);
  if (body === "aborted") return;
  const response = await fetch(webRequest(req, body));
  res.statusCode = response.status;
  for (const [name, value] of response.headers) res.setHeader(name, value);
  res.end(Buffer.from(await response.arrayBuffer()));
}

async function readBody(req: FunctionRequest): Promise<Buffer | "aborted"> {
  if (req.rawBody) return req.rawBody;
  const chunks: Buffer[] = [];
  let kept = 0;
  try {
    // Reads to the end even when it keeps no more: a client that is still sending would not see the answer.
    for await (const chunk of req) {
      if (kept <= MAX_BODY_BYTES) chunks.push(chunk);
      kept += chunk.length;
    }
  } catch {
    return "aborted"; // The client went away while sending; there is nobody to answer.
  }
  return Buffer.concat(chunks);
}

function webRequest(req: FunctionRequest, body: Buffer): Request {
  const method = req.method ?? "GET";
  const headers = new Headers();
  for (let i = 0; i + 1 < req.rawHeaders.length; i += 2) {
    headers.append(req.rawHeaders[i] ?? "", req.rawHeaders[i + 1] ?? "");
  }
  // Whoever read the body for us has also decompressed it.
  if (req.rawBody) headers.delete("content-encoding");
  const path = req.url?.startsWith("/") ? req.url : `/${req.url}`;
  const hasBody = body.byteLength > 0 && method !== "GET" && method !== "HEAD";
  return new Request(`http://api${path}`, {
    method: UNCARRIED.has(method) ? `X-${method}` : method,
    headers,
    ...(hasBody && { body: new Uint8Array(body) }),
  });
}
