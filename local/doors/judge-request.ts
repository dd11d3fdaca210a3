import type { IncomingMessage } from "node:http";
import { parseUrl } from "../parse-url.ts";

/** The rules of a door for each request. */
export interface DoorRules {
  /**
   * Origins, beside those of this machine, whose pages may send requests, each `scheme://host[:port]`; their hosts
   * count as this machine's, too.
   */
  allowedOrigins: readonly string[];
}

/**
 * Judges whether a request comes from this machine's own programs and pages, or from a page of another site that a
 * browser of this machine shows. Answers why it is refused, in a sentence; undefined lets it in.
 *
 * A page of another site cannot change three headers. `Host` names the site even where its name leads to 127.0.0.1 (DNS
 * rebinding). Browsers add `Origin` to each request that may change something or be read. The third is
 * `Sec-Fetch-Site`. Following a link to a door is allowed: the page that has the link reads nothing of the answer.
 */
export function refusalOf(
  req: Pick<IncomingMessage, "headers"> & { socket: { localPort?: number | undefined } },
  { allowedOrigins }: DoorRules,
): string | undefined {
  const { host, origin } = req.headers;
  if (!isOwnHost(host, req.socket.localPort, allowedOrigins)) {
    return `This door is called by the address of this machine, such as 127.0.0.1:${req.socket.localPort}, not as "${host ?? ""}".`;
  }
  if (origin !== undefined) return isAllowedOrigin(origin, allowedOrigins) ? undefined : foreign(origin);
  const site = req.headers["sec-fetch-site"];
  const isFollowedLink = req.headers["sec-fetch-mode"] === "navigate";
  return site === "cross-site" && !isFollowedLink ? foreign("another site") : undefined;
}

function foreign(origin: string): string {
  return `A page of ${origin} may not use the local cloud. To let it, start with: npm start -- --allow-origin <its origin>`;
}

const HOST_HEADER = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;
const HTTP_PORT = 80;

function isOwnHost(host: string | undefined, port: number | undefined, allowed: readonly string[]): boolean {
  const parts = HOST_HEADER.exec(host ?? "");
  if (parts === null) return false;
  if (allowed.some((origin) => parseUrl(origin)?.host === host?.toLowerCase())) return true;
  const named = parts[2] === undefined ? HTTP_PORT : Number(parts[2]);
  return named === port && isLoopbackName(parseUrl(`http://${host}`)?.hostname ?? "");
}

function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  if (allowed.includes(origin)) return true;
  const url = parseUrl(origin);
  // Browsers write an origin in one way; the parser would also find a host in others.
  return url?.origin === origin && isLoopbackName(url.hostname);
}

/**
 * True for a host name, as `URL` gives it, that leads to this machine whatever a DNS server says: RFC 6761, section
 * 6.3.
 */
function isLoopbackName(hostname: string): boolean {
  return /^(.+\.)?localhost\.?$|^127(\.\d{1,3}){3}$|^\[::1\]$/.test(hostname);
}
