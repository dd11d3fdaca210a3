import type { IncomingMessage, ServerResponse } from "node:http";
import { MAX_BODY_BYTES } from "./json-body.ts";
import { leaveRequestsUntouched } from "./raw-request-body.ts";
import { sendHead, sendResponse } from "./send-response.ts";

/** Answers requests: `createApi(ports).fetch`. It is given the address that the connection comes from. */
export type Fetch = (request: Request, connection: { remoteAddress?: string }) => Response | Promise<Response>;

/** A request as a function is given it: Node's own, and `rawBody` when the functions framework has read the body. */
export type FunctionRequest = IncomingMessage & { rawBody?: Buffer };

/** Methods that `Request` refuses to carry. */
const UNCARRIED = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * Serves an HTTPS function with a `Fetch`. `getFetch` is called for the first request, not before: the Firebase CLI
 * loads the code without its environment. From this call on the framework leaves requests to us
 * (`leaveRequestsUntouched`).
 */
export function nodeHandler(getFetch: () => Fetch): (req: FunctionRequest, res: ServerResponse) => Promise<void> {
  leaveRequestsUntouched();
  return (req, res) => serve(getFetch(), req, res);
}

/**
 * Answers one request of Node's with a `Fetch`. The body is read when `fetch` asks for it, as it was sent; of one that
 * is over the limit, only the first bytes beyond it, so that `fetch` notices. A request that is refused before costs no
 * memory: Node drops the rest of its body as it arrives. Rejects when `fetch` does, and when the body of the answer
 * fails.
 */
export async function serve(fetch: Fetch, req: FunctionRequest, res: ServerResponse): Promise<void> {
  const { remoteAddress } = req.socket;
  const response = await fetch(webRequest(req), remoteAddress === undefined ? {} : { remoteAddress });
  await (req.method === "HEAD" ? sendHead(response, res) : sendResponse(response, res));
}

/** Rejects when the client went away while sending. */
async function readBody(req: FunctionRequest): Promise<Buffer> {
  if (req.rawBody) return req.rawBody;
  const chunks: Buffer[] = [];
  let kept = 0;
  // Reads to the end even when it keeps no more: a client that is still sending would not see the answer.
  for await (const chunk of req) {
    if (kept <= MAX_BODY_BYTES) chunks.push(chunk);
    kept += chunk.length;
  }
  return Buffer.concat(chunks);
}

/** The body as a stream that reads nothing before it is read itself. */
function lazyBody(req: FunctionRequest): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const body = await readBody(req);
        if (body.byteLength > 0) controller.enqueue(body);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** RFC 9112, 6.3: a request has a body when one of these headers says so. */
function hasBody({ method, headers, rawBody }: FunctionRequest): boolean {
  if (method === "GET" || method === "HEAD") return false;
  if (rawBody) return rawBody.byteLength > 0;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** `fetch` answers HEAD as GET: the body is left out here, where its stream can be cancelled. */
function carriedMethod(method: string): string {
  if (method === "HEAD") return "GET";
  return UNCARRIED.has(method) ? `X-${method}` : method;
}

function webRequest(req: FunctionRequest): Request {
  const headers = new Headers();
  for (let i = 0; i + 1 < req.rawHeaders.length; i += 2) {
    headers.append(req.rawHeaders[i] ?? "", req.rawHeaders[i + 1] ?? "");
  }
  // The platform that read the body has also decompressed it.
  if (req.rawBody) headers.delete("content-encoding");
  const path = req.url?.startsWith("/") ? req.url : `/${req.url}`;
  return new Request(`http://api${path}`, {
    method: carriedMethod(req.method ?? "GET"),
    headers,
    ...(hasBody(req) && { body: lazyBody(req), duplex: "half" }),
  });
}
