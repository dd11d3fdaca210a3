import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Sends a response through Node. A body that is there at once, such as JSON, goes out as a whole, with its length; any
 * other is streamed chunk by chunk, no faster than the client reads. When the client goes away the stream is cancelled.
 *
 * Rejects when the stream fails. By then its status may be out: the connection is cut, so that the client sees an
 * answer that broke off, not one that is complete.
 */
export async function sendResponse(response: Response, res: ServerResponse): Promise<void> {
  const { body } = response;
  if (res.destroyed) return body?.cancel();
  res.statusCode = response.status;
  res.setHeaders(response.headers);
  if (body) await sendBody(body.getReader(), res);
  else res.end();
}

/** Sends the status and the headers of a response without its body, as the answer to HEAD. */
export async function sendHead(response: Response, res: ServerResponse): Promise<void> {
  await response.body?.cancel();
  await sendResponse(new Response(null, response), res);
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function sendBody(reader: Reader, res: ServerResponse): Promise<void> {
  const left = new AbortController();
  res.once("close", () => {
    left.abort();
    // Ends the read that is under way. After a complete answer there is nothing left to cancel.
    reader.cancel().catch(() => undefined);
  });
  try {
    const reads = [reader.read(), reader.read()];
    const [whole, end] = (await Promise.race([Promise.all(reads), nextTurn(undefined)])) ?? [];
    if (end?.done) res.end(whole?.value);
    else await stream(reads, reader, res, left.signal);
  } catch (error) {
    if (left.signal.aborted) return; // The client went away, which is no failure of ours.
    if (res.headersSent) res.destroy();
    throw error;
  }
}

/** Sends the chunks of `begun`, the reads that are under way, and then those that follow. */
async function stream(
  begun: ReturnType<Reader["read"]>[],
  reader: Reader,
  res: ServerResponse,
  left: AbortSignal,
): Promise<void> {
  res.flushHeaders();
  for (;;) {
    const { done, value } = await (begun.shift() ?? reader.read());
    if (done) break;
    if (!res.write(value)) await once(res, "drain", { signal: left });
  }
  res.end();
}
