import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { PostOutcome } from "../rules/delivery.ts";
import { excerptOf, MAX_EXCERPT_BYTES } from "./excerpt.ts";
import { ADDRESS_TRY_MS, failureOf, isRefusedLiteral, type JudgedLookup, judgedLookup, portOf } from "./judged-dial.ts";
import type { AddressJudge, WebhookTransport } from "./ports.ts";
import { nameResolver, type ResolveName } from "./resolve-name.ts";

/** How the transport resolves names, judges addresses and limits requests. */
export interface WebhookTransportOptions {
  /** Judges every address before it is dialled. */
  judgeAddress: AddressJudge;
  /** The deadline from the lookup to the last byte read, in milliseconds. Default 15,000. */
  deadlineMs?: number;
  /** Bytes of the response's body that are read before the connection is cut. Default 64 KiB. */
  maxResponseBytes?: number;
  /** Default: this machine's name servers. */
  resolve?: ResolveName;
}

const USER_AGENT = "Baton-Webhooks/1";

/** Bytes of the response's headers: Node's default, whatever option the process was started with. */
const MAX_HEADER_BYTES = 16 * 1024;

/** Interim answers (1xx) that are read. A receiver that sends more is not read further, and runs into the deadline. */
const MAX_INTERIM_ANSWERS = 1000;

/**
 * Sends webhooks over a connection of their own, closed afterwards: it dials exactly the judged address, and no later
 * request can use the connection. Redirects are not followed, nothing is decoded, certificates are verified, and
 * proxies are not used. Interim answers are skipped, as RFC 9110, section 15.2, asks of every client. `101 Switching
 * Protocols` is a failure, because no request asks for it. The status counts even when the body is cut off or never
 * ends.
 */
export function webhookTransport(options: WebhookTransportOptions): WebhookTransport {
  const { judgeAddress, deadlineMs = 15_000, maxResponseBytes = 64 * 1024, resolve = nameResolver() } = options;
  return {
    async post({ url, headers, body }) {
      // One total deadline: an idle timer would start again with each byte and each interim answer.
      const signal = AbortSignal.timeout(deadlineMs);
      let judged: JudgedLookup | undefined;
      let request: ClientRequest | undefined;
      try {
        const target = new URL(url);
        const judge = (address: string) => judgeAddress(address, portOf(target));
        judged = judgedLookup((hostname) => resolve(hostname, signal), judge);
        // No lookup happens for an IP literal.
        if (isRefusedLiteral(target.hostname, judge)) return { outcome: "failed", kind: "blocked_destination" };
        request = openRequest(target, headers, judged.lookup, signal);
        return await answered(await finalAnswer(request, body), maxResponseBytes);
      } catch (error) {
        return { outcome: "failed", kind: judged?.failure() ?? (signal.aborted ? "timeout" : failureOf(error)) };
      } finally {
        request?.destroy();
      }
    },
  };
}

/** Opens a request; nothing is dialled before it is ended. Its own agent keeps no connection and uses no proxy. */
function openRequest(
  url: URL,
  headers: Record<string, string>,
  lookup: LookupFunction,
  signal: AbortSignal,
): ClientRequest {
  const { Agent, request } = url.protocol === "http:" ? http : https;
  return request(url, {
    agent: new Agent({ keepAlive: false, autoSelectFamilyAttemptTimeout: ADDRESS_TRY_MS }),
    method: "POST",
    headers: { ...headers, "user-agent": USER_AGENT, "accept-encoding": "identity" },
    lookup,
    signal,
    rejectUnauthorized: true,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Accepts LF line ends, folded headers and an interim answer with "close", as RFC 9112 asks of a client. Node calls
    // it insecure because two requests on one connection could be confused; this connection carries one.
    insecureHTTPParser: true,
  });
}

/** Ends the request with `body`. Resolves with the head of the final answer; later errors are ignored. */
function finalAnswer(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let interim = 0;
    const refuseUpgrade = () => reject(new Error("the receiver changed to another protocol"));
    request.on("error", reject);
    request.on("upgrade", refuseUpgrade);
    request.on("response", (answer) => (answer.statusCode === 101 ? refuseUpgrade() : resolve(answer)));
    request.on("information", () => {
      interim += 1;
      if (interim >= MAX_INTERIM_ANSWERS) request.socket?.pause();
    });
    request.end(body);
  });
}

async function answered(answer: IncomingMessage, maxResponseBytes: number): Promise<PostOutcome> {
  const { statusCode: status = 0 } = answer;
  const excerpt = await readExcerpt(answer, maxResponseBytes);
  const [retryAfter] = [answer.headers["retry-after"]].flat();
  return { outcome: "answered", status, excerpt, ...(retryAfter !== undefined && { retryAfter }) };
}

/** Reads up to the cap, more than is kept: a receiver that is cut off in a short answer would log an error. */
async function readExcerpt(body: AsyncIterable<Uint8Array>, maxResponseBytes: number): Promise<string> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  let isWhole = false;
  try {
    for await (const chunk of body) {
      if (bytes < MAX_EXCERPT_BYTES) kept.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxResponseBytes) break;
    }
    isWhole = bytes < maxResponseBytes;
  } catch {
    // The receiver has answered: a body that breaks off or outlasts the deadline does not change the status.
  }
  return excerptOf(Buffer.concat(kept), isWhole);
}
