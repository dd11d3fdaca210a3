import { type LookupAddress, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Client, request } from "undici";
import type { DeliveryFailure } from "../core/delivery.ts";
import type { AddressJudge, WebhookTransport } from "../core/ports.ts";

/** How the transport resolves, judges and bounds. */
export interface WebhookTransportOptions {
  /** Asked about every address before it is dialled. */
  judgeAddress: AddressJudge;
  /** From the lookup to the last byte read, in milliseconds. Default 15,000. */
  deadlineMs?: number;
  /** Bytes of the response that are read before the connection is cut. Default 64 KiB. */
  maxResponseBytes?: number;
  /** Resolves names, with the signature of `dns.lookup`, which is the default. */
  resolve?: LookupFunction;
}

const USER_AGENT = "Baton-Webhooks/1";

/**
 * Sends webhooks over a connection of their own, closed afterwards: what was judged is what is dialled, and no later request
 * can ride on it. Redirects are not followed, nothing is decoded, certificates are verified, and proxies are not used.
 * The status counts even when the body is cut off or never ends.
 */
export function webhookTransport(options: WebhookTransportOptions): WebhookTransport {
  const { judgeAddress, deadlineMs = 15_000, maxResponseBytes = 64 * 1024, resolve = lookup } = options;
  return {
    async post({ url, headers, body }) {
      const signal = AbortSignal.timeout(deadlineMs);
      const judged = judgedLookup(resolve, judgeAddress);
      try {
        const { origin, hostname } = new URL(url);
        // No lookup happens for an IP literal.
        if (isRefusedLiteral(hostname, judgeAddress)) return { outcome: "failed", kind: "blocked_destination" };
        // One clock for everything, on the socket too: undici's own timers are reset by each byte, or by each 103 response.
        const client = new Client(origin, {
          connect: { lookup: judged.lookup, signal, timeout: 0 },
          headersTimeout: 0,
          bodyTimeout: 0,
        });
        try {
          const status = await send(client, { url, headers, body }, maxResponseBytes, signal);
          return { outcome: "answered", status };
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
): Promise<number> {
  const response = await request(message.url, {
    dispatcher,
    method: "POST",
    headers: { ...message.headers, "user-agent": USER_AGENT, "accept-encoding": "identity" },
    body: message.body,
    reset: true,
    signal,
  });
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes >= maxResponseBytes) break;
    }
  } catch {
    // The receiver has answered: a body that breaks off or outlasts the deadline does not change the status.
  }
  return response.statusCode;
}

function isRefusedLiteral(hostname: string, judgeAddress: AddressJudge): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return isIP(host) !== 0 && judgeAddress(host) === "refused";
}

/** A lookup that gives addresses only if every one of them is allowed, and remembers why it gave none. */
function judgedLookup(resolve: LookupFunction, judgeAddress: AddressJudge) {
  let failure: DeliveryFailure | undefined;
  const judged: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, answer) => {
      const addresses = typeof answer === "string" ? [{ address: answer, family: isIP(answer) }] : (answer ?? []);
      const refused = addresses.some(({ address }) => judgeAddress(address) === "refused");
      const [first] = addresses;
      if (error || !first) failure = "dns";
      else if (refused) failure = "blocked_destination";
      if (error || !first || refused) callback(error ?? new Error("no address to dial"), []);
      else answerLookup(options.all, addresses, first, callback);
    });
  };
  return { lookup: judged, failure: () => failure };
}

function answerLookup(
  isAll: boolean | undefined,
  addresses: LookupAddress[],
  first: LookupAddress,
  callback: Parameters<LookupFunction>[2],
): void {
  if (isAll) callback(null, addresses);
  else callback(null, first.address, first.family);
}

const TLS_CODES = /CERT|^ERR_TLS|^ERR_SSL|^ERR_OSSL|^EPROTO$|^UNABLE_TO_|^SELF_SIGNED|^HOSTNAME_MISMATCH$/;

/** What kind of failure an error of undici or Node is, by its code. */
function failureOf(error: unknown): DeliveryFailure {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ETIMEDOUT" || code === "UND_ERR_CONNECT_TIMEOUT") return "timeout";
  if (TLS_CODES.test(code)) return "tls";
  return code === "UND_ERR_SOCKET" || /^E[A-Z]+$/.test(code) ? "connect" : "protocol";
}
