import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { IncomingMessage, Server } from "node:http";

/**
 * Makes the functions framework hand over requests as they were sent, in the whole process. Calling it again changes
 * nothing.
 *
 * The framework parses bodies before the function sees the request, up to 1 GiB each, and answers malformed JSON, or a
 * path whose escapes are not UTF-8, itself: an HTML page, with a stack outside production. It offers no option for
 * that. Its parsers leave a body alone when they find no `content-type`, so this takes the header out of `headers` as a
 * request arrives (`rawHeaders` keeps it), and escapes the percent signs of a path that cannot be decoded. The channel
 * is Node's own (https://nodejs.org/api/diagnostics_channel.html#http); should it ever fall silent, requests arrive
 * with `rawBody` and are answered the same, except those that the framework itself refuses.
 */
export function leaveRequestsUntouched(): void {
  unsubscribe(CHANNEL, shield);
  subscribe(CHANNEL, shield);
}

const CHANNEL = "http.server.request.start";

function shield(message: unknown): void {
  if (!isRequestStart(message) || !isExpress(message.server)) return;
  const { request } = message;
  delete request.headers["content-type"];
  request.url = decodableUrl(request.url ?? "/");
}

/** The same URL; or, when its path cannot be decoded, one whose path reads as the text that was sent. */
function decodableUrl(url: string): string {
  const [path = "", ...query] = url.split("?");
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return [path.replaceAll("%", "%25"), ...query].join("?");
  }
}

function isRequestStart(message: unknown): message is { request: IncomingMessage; server: Server } {
  if (typeof message !== "object" || message === null || !("request" in message) || !("server" in message))
    return false;
  return message.request instanceof IncomingMessage && message.server instanceof Server;
}

/**
 * The framework serves with an Express app, which is a function with a `mountpath`; other servers of the process keep
 * their headers.
 */
function isExpress(server: Server): boolean {
  return server.listeners("request").some((listener) => "mountpath" in listener);
}
