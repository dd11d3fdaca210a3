import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { addressJudge, type LoopbackRules } from "./address.ts";
import { type DecodedBody, decodedBody } from "./decoded-body.ts";
import type { EgressSettings } from "./egress-settings.ts";
import {
  ADDRESS_TRY_MS,
  type DialFailure,
  failureOf,
  isRefusedLiteral,
  type JudgedLookup,
  judgedLookup,
  portOf,
} from "./judged-dial.ts";
import { nameResolver, type ResolveName, resolveAsSystem } from "./resolve-name.ts";
import { ownHosts, urlGuard } from "./url-guard.ts";

export type { BodyCut } from "./decoded-body.ts";
export type { DialFailure as GetFailure } from "./judged-dial.ts";

/** Rules of a `guardedGet`. */
export interface GuardedGetOptions extends LoopbackRules {
  /** The deployment's own hosts, as `ownHosts` gives them. */
  ownHosts: readonly string[];
  /** Default: this machine's name servers. */
  resolve?: ResolveName;
}

/** Limits of one request. */
export interface GetLimits {
  /** From the lookup to the last byte of the body. */
  deadlineMs: number;
  /** Of the body, after its content encoding is undone. */
  maxBytes: number;
  /** Of the request. `accept-encoding` is set by the request itself. */
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** False for an answer whose body is not read. Default: every body is read. */
  isBodyWanted?(status: number, headers: ReadonlyMap<string, string>): boolean;
}

/** The outcome of one request. */
export type GetOutcome =
  | ({ outcome: "answered"; status: number; headers: ReadonlyMap<string, string> } & DecodedBody)
  /** The URL itself is not allowed; nothing was sent. */
  | { outcome: "refused" }
  /** `code` is that of the error, as Node names it: `ENOTFOUND`. */
  | { outcome: "failed"; kind: DialFailure; code?: string };

/**
 * Sends one GET to a URL that a user, or a stranger's page, chose. The URL is judged, and each address before it is
 * dialled: nothing private is reached. Follows no redirect, so that its target is judged as a request of its own. Keeps
 * no connection and no cookie, verifies certificates, and uses no proxy. Rejects only with the reason of `signal`.
 */
export type GuardedGet = (url: string, limits: GetLimits) => Promise<GetOutcome>;

const MAX_HEADER_BYTES = 32 * 1024;
const NO_BYTES = new Uint8Array();

/** Makes the guarded GET of one set of rules. Allows http and https. */
export function guardedGet(options: GuardedGetOptions): GuardedGet {
  const guard = urlGuard({ ...options, allowHttp: true });
  const judgeAddress = addressJudge(options);
  const { resolve = nameResolver() } = options;
  return async (url, { deadlineMs, maxBytes, headers, signal, isBodyWanted = () => true }) => {
    signal.throwIfAborted();
    if (guard.judge(url).outcome === "refused") return { outcome: "refused" };
    const target = new URL(url);
    const judge = (address: string) => judgeAddress(address, portOf(target));
    if (isRefusedLiteral(target.hostname, judge)) return { outcome: "failed", kind: "blocked_destination" };
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    const judged = judgedLookup((hostname) => resolve(hostname, deadline), judge);
    const request = openRequest(target, headers, judged, deadline);
    try {
      const answer = await answerOf(request);
      const { statusCode: status = 0 } = answer;
      const got = headersOf(answer);
      const body = isBodyWanted(status, got) ? await decodedBody(answer, maxBytes, deadline) : { bytes: NO_BYTES };
      signal.throwIfAborted();
      return { outcome: "answered", status, headers: got, ...body };
    } catch (error) {
      signal.throwIfAborted();
      const kind = judged.failure() ?? (deadline.aborted ? "timeout" : failureOf(error));
      return { outcome: "failed", kind: kind === "dns" && deadline.aborted ? "timeout" : kind, ...codeOf(error) };
    } finally {
      request.destroy();
    }
  };
}

/** Makes the guarded GET of a deployment, by its settings. */
export function deployedGet(settings: EgressSettings): GuardedGet {
  const allowLoopback = settings.WEBHOOK_ALLOW_LOOPBACK === "true";
  return guardedGet({
    allowLoopback,
    ...(settings.WEBHOOK_LOOPBACK_PORTS && { loopbackPorts: settings.WEBHOOK_LOOPBACK_PORTS }),
    ownHosts: ownHosts(settings.PUBLIC_API_URL, settings.GCLOUD_PROJECT, settings.WEBHOOK_OWN_HOSTS),
    ...(allowLoopback && { resolve: resolveAsLocal }),
  });
}

/** The system's resolver, and the names below `localhost`, which not every system resolves (RFC 6761, section 6.3). */
const resolveAsLocal: ResolveName = async (hostname, signal) =>
  /\.localhost\.?$/.test(hostname) ? ["127.0.0.1"] : resolveAsSystem(hostname, signal);

function openRequest(url: URL, headers: GetLimits["headers"], judged: JudgedLookup, signal: AbortSignal) {
  const { Agent, request } = url.protocol === "http:" ? http : https;
  return request(url, {
    agent: new Agent({ keepAlive: false, autoSelectFamilyAttemptTimeout: ADDRESS_TRY_MS }),
    headers: { ...headers, "accept-encoding": "gzip, deflate, br" },
    lookup: judged.lookup,
    signal,
    rejectUnauthorized: true,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Real servers send LF line ends, and a length that is wrong; the connection carries one request only.
    insecureHTTPParser: true,
  });
}

function answerOf(request: http.ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", resolve);
    request.on("upgrade", () => reject(new Error("the server changed to another protocol")));
    request.end();
  });
}

function headersOf({ headers }: IncomingMessage): Map<string, string> {
  return new Map(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join("\n")]],
    ),
  );
}

/** A failed lookup has several errors, one for each kind of address. */
function codeOf(error: unknown): { code?: string } {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const hasCode = cause instanceof Error && "code" in cause && typeof cause.code === "string";
  return hasCode ? { code: String(cause.code) } : {};
}
