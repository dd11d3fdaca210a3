import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { IncomingMessage, Server } from "node:http";

/**
 * Makes the functions framework hand over requests with their bodies unread, in the whole process. Calling it again
 * changes nothing.
 *
 * The framework parses bodies before the function sees the request, up to 1 GiB each, and answers malformed JSON
 * itself: an HTML page, with a stack outside production. It offers no option for that. Its parsers leave a body alone
 * when they find no `content-type`, so this takes the header out of `headers` as a request arrives; `rawHeaders` keeps
 * it. The channel is Node's own (https://nodejs.org/api/diagnostics_channel.html#http); should it ever fall silent,
 * requests arrive with `rawBody` and are answered the same, but for what the framework refuses by itself.
 */
export function leaveBodiesUnread(): void {
  unsubscribe(CHANNEL, hideContentType);
  subscribe(CHANNEL, hideContentType);
}

const CHANNEL = "http.server.request.start";

function hideContentType(message: unknown): void {
  if (isRequestStart(message) && isExpress(message.server)) delete message.request.headers["content-type"];
}

function isRequestStart(message: unknown): message is { request: IncomingMessage; server: Server } {
  if (typeof message !== "object" || message === null || !("request" in message) || !("server" in message))
    return false;
  return message.request instanceof IncomingMessage && message.server instanceof Server;
}

/** The framework serves with an Express app, which is a function with a `mountpath`; other servers of the process keep their headers. */
function isExpress(server: Server): boolean {
  return server.listeners("request").some((listener) => "mountpath" in listener);
}
