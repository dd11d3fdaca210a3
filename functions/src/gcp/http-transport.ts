import { isIP, type LookupFunction } from "node:net";
import { Client, request } from "undici";
import type { DeliveryFailure, PostOutcome } from "../core/webhooks/delivery.ts";
import type { AddressJudge, WebhookTransport } from "../core/webhooks/ports.ts";
import { excerptOf, MAX_EXCERPT_BYTES } from "./excerpt.ts";
import { nameResolver, type ResolveName } from "./resolve-name.ts";

/** How the transport resolves, judges and bounds. */
export interface WebhookTransportOptions {
  /** Asked about every address before it is dialled. */
  judgeAddress: AddressJudge;
  /** From the lookup to the last byte read, in milliseconds. Default 15,000. */
  deadlineMs?: number;
  /** Bytes of the response's body that are read before the connection is cut. Default 64 KiB. */
  maxResponseBytes?: number;
  /** Default: this machine's name servers. */
  resolve?: ResolveName;
}

const USER_AGENT = "Baton-Webhooks/1";

/** Bytes of the response's headers; the default of Node, whatever the process was started with. */
const MAX_HEADER_BYTES = 16 * 1024;

/** How long one of several addresses of a name is tried. Node's 250 ms give up on far servers: https://github.com/nodejs/node/issues/54359 */
const ADDRESS_TRY_MS = 2500;

/**
 * Sends webhooks over a connection of their own, closed afterwards: what was judged is what is dialled, and no later request
 * can ride on it. Redirects are not followed, nothing is decoded, certificates are verified, and proxies are not used.
 * The status counts even when the body is cut off or never ends.
 */
export function webhookTransport(options: WebhookTransportOptions): WebhookTransport {
  const { judgeAddress, deadlineMs = 15_000, maxResponseBytes = 64 * 1024, resolve = nameResolver() } = options;
  return {
    async post({ url, headers, body }) {
      const signal = AbortSignal.timeout(deadlineMs);
      const judged = judgedLookup((hostname) => resolve(hostname, signal), judgeAddress);
      try {
        const { origin, hostname } = new URL(url);
        // No lookup happens for an IP literal.
        if (isRefusedLiteral(hostname, judgeAddress)) return { outcome: "failed", kind: "blocked_destination" };
        // One clock for everything, on the socket too: undici's own timers are reset by each byte, or by each 103 response.
        const client = new Client(origin, {
          connect: {
            lookup: judged.lookup,
            signal,
            timeout: 0,
            autoSelectFamilyAttemptTimeout: ADDRESS_TRY_MS,
            rejectUnauthorized: true,
          },
          headersTimeout: 0,
          bodyTimeout: 0,
          maxHeaderSize: MAX_HEADER_BYTES,
        });
        try {
          return await send(client, { url, headers, body }, maxResponseBytes, signal);
        } finally {
          await client.destroy();
        }
      } catch (error) {
        return { outcome: "failed", kind: judged.failure() ?? (signal.aborted ? "timeout" : failureOf(error)) };
      }
    },
  };
}

async function send(
  dispatcher: Client,
  message: { url: string; headers: Record<string, string>; body: string },
  maxResponseBytes: number,
  signal: AbortSignal,
): Promise<PostOutcome> {
  const response = await request(message.url, {
    dispatcher,
    method: "POST",
    headers: { ...message.headers, "user-agent": USER_AGENT, "accept-encoding": "identity" },
    body: message.body,
    reset: true,
    signal,
  });
  const excerpt = await readExcerpt(response.body, maxResponseBytes);
  const [retryAfter] = [response.headers["retry-after"]].flat();
  return { outcome: "answered", status: response.statusCode, excerpt, ...(retryAfter !== undefined && { retryAfter }) };
}

/** Reads on past what is kept, up to the cap: a receiver that is cut off in a short answer takes it for a failure of its own. */
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

function isRefusedLiteral(hostname: string, judgeAddress: AddressJudge): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return isIP(host) !== 0 && judgeAddress(host) === "refused";
}

/** A lookup that gives addresses only if every one of them is allowed, and remembers why it gave none. */
function judgedLookup(resolve: (hostname: string) => Promise<string[]>, judgeAddress: AddressJudge) {
  let failure: DeliveryFailure | undefined;
  const lookup: LookupFunction = (hostname, options, callback) => {
    // It stays at that when the deadline comes first.
    failure = "dns";
    resolve(hostname).then(
      (addresses) => {
        const refused = addresses.some((address) => judgeAddress(address) === "refused");
        failure = refused ? "blocked_destination" : undefined;
        if (refused) callback(new Error("a refused address"), []);
        else answerLookup(options.all, addresses, callback);
      },
      (error) => callback(error, []),
    );
  };
  return { lookup, failure: () => failure };
}

function answerLookup(isAll: boolean | undefined, addresses: string[], callback: Parameters<LookupFunction>[2]): void {
  const [first = ""] = addresses;
  if (isAll)
    callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );
  else callback(null, first, isIP(first));
}

const TLS_CODES = /CERT|^ERR_TLS|^ERR_SSL|^ERR_OSSL|^EPROTO$|^UNABLE_TO_|^SELF_SIGNED|^HOSTNAME_MISMATCH$/;

/** What kind of failure an error of undici or Node is, by its code. */
function failureOf(error: unknown): DeliveryFailure {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ETIMEDOUT" || code === "UND_ERR_CONNECT_TIMEOUT") return "timeout";
  if (TLS_CODES.test(code)) return "tls";
  return code === "UND_ERR_SOCKET" || /^E[A-Z]+$/.test(code) ? "connect" : "protocol";
}
