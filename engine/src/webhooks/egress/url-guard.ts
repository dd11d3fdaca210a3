import { isIP } from "node:net";
import { addressJudge, type LoopbackRules } from "./address.ts";
import { portOf } from "./judged-dial.ts";
import type { UrlGuard } from "./ports.ts";

interface UrlRules extends LoopbackRules {
  /** Allows http, and port 80 with it. Default: as `allowLoopback`. */
  allowHttp?: boolean;
}

/** The rules of one deployment's guard. */
export interface UrlGuardOptions extends UrlRules {
  /** The deployment's own hosts, as `ownHosts` gives them. */
  ownHosts: readonly string[];
}

const MAX_URL_CHARACTERS = 2048;

/**
 * Ports from 1024 up whose services might take a request for their own commands: those that browsers refuse
 * (https://fetch.spec.whatwg.org/#port-blocking), Redis and memcached.
 */
const OTHER_PROTOCOLS = new Set([
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566],
  ...[6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211],
]);

/**
 * Suffixes that no public DNS serves, or that a cloud serves to its own machines: RFC 6761, RFC 6762, RFC 8375, and
 * ICANN's `internal`.
 */
const LOCAL_SUFFIXES = ["localhost", "local", "internal", "localdomain", "home.arpa"];

/**
 * The pattern of `{region}` in a host of the deployment. `*` is looser: any part of one label.
 */
const REGION = "[a-z]+-[a-z]+[0-9]+";
const PART_OF_LABEL = "[a-z0-9-]+";

/**
 * Judges the URL of a tenant, on submission and before every send. Allowed: https, port 443 or 1024 and up, no user
 * name, at most 2,048 characters, and a host that is not private, local or the deployment's own. The host is judged as
 * the URL parser reads it, so that no notation hides an address. The addresses of a name are judged when they are
 * dialled.
 */
export function urlGuard(options: UrlGuardOptions): UrlGuard {
  const ownHosts = options.ownHosts.map(hostPattern);
  return {
    judge(url) {
      const message = refusal(url, options, ownHosts);
      return message === undefined ? { outcome: "allowed" } : { outcome: "refused", message };
    },
  };
}

/**
 * Lists the deployment's own hosts: that of `publicApiUrl`, if it is set, those of its functions and sites in
 * `projectId` with the sites' previews, and the `configured` ones, in which `*` is any part of one label. Hosts under
 * `run.app` must be configured: a function cannot know its own (`api-<hash>-uc.a.run.app`, `api-<project
 * number>.<region>.run.app`).
 */
export function ownHosts(
  publicApiUrl: string | undefined,
  projectId: string,
  configured: readonly string[] = [],
): string[] {
  return [
    ...(publicApiUrl === undefined ? [] : [new URL(publicApiUrl).host]),
    `{region}-${projectId}.cloudfunctions.net`,
    ...["web.app", "firebaseapp.com"].flatMap((domain) => [`${projectId}.${domain}`, `${projectId}--*.${domain}`]),
    ...configured,
  ];
}

/** Answers what to change; undefined for an allowed URL. */
function refusal(text: string, rules: UrlRules, ownHosts: readonly RegExp[]): string | undefined {
  const { allowLoopback } = rules;
  const allowHttp = rules.allowHttp ?? allowLoopback;
  if (text.length > MAX_URL_CHARACTERS) return `A webhook URL has at most ${MAX_URL_CHARACTERS} characters.`;
  const schemes = allowHttp ? "https:// or http://" : "https://";
  const notAUrl = `A webhook URL begins with ${schemes} and has no spaces or backslashes.`;
  // The URL parser repairs malformed URLs (`http:\\host`, tabs, a missing slash). A URL that needs repair is refused.
  if (!/^https?:\/\/[^\s\\/?#][^\s\\]*$/i.test(text) || hasControlCharacter(text)) return notAUrl;
  const url = URL.parse(text);
  if (!url) return BAD_HOST;
  if (url.protocol === "http:" && !allowHttp) return notAUrl;
  if (/^[^/?#]*\/\/[^/?#]*@/.test(text)) return "A webhook URL carries no user name or password.";
  return portRefusal(url, allowHttp) ?? hostRefusal(url, rules, ownHosts);
}

const BAD_HOST =
  "The host of a webhook URL is not valid. A host name has parts of 1 to 63 letters, digits, hyphens or underscores, " +
  "no hyphen at either end of a part, a last part that is not a number, and 253 characters at most.";

/**
 * A label of a host name, as the URL parser writes it (RFC 1123, section 2.1). Underscores are not in the RFC, but
 * names with them resolve.
 */
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const MAX_NAME_CHARACTERS = 253;

/** Checks a name without its final dot. The URL parser itself refuses a last label that is a number. */
function isHostName(name: string): boolean {
  return name.length <= MAX_NAME_CHARACTERS && name.split(".").every((label) => LABEL.test(label));
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\u007f");
}

function portRefusal(url: URL, allowHttp: boolean): string | undefined {
  const port = portOf(url);
  if (OTHER_PROTOCOLS.has(port)) return `Port ${port} is not allowed in a webhook URL: another protocol uses it.`;
  if (port === 443 || port >= 1024 || (port === 80 && allowHttp)) return undefined;
  return `Port ${port} is not allowed in a webhook URL: use 443, or 1024 and up.`;
}

function hostRefusal(url: URL, rules: LoopbackRules, ownHosts: readonly RegExp[]): string | undefined {
  const notPublic = "The host of a webhook URL has to be reachable on the public internet.";
  const hostname = url.hostname.replace(/\.$/, "");
  const withPort = url.port === "" ? hostname : `${hostname}:${url.port}`;
  if (ownHosts.some((own) => own.test(withPort) || own.test(hostname))) {
    return "A webhook URL cannot point at this service itself.";
  }
  const host = hostname.replace(/^\[|\]$/g, "");
  const { allowLoopback, loopbackPorts } = rules;
  const isOwnMachine = isUnder(host, "localhost") || isLoopback(host);
  if (allowLoopback && isOwnMachine && !(loopbackPorts?.includes(portOf(url)) ?? true)) return notNamed(loopbackPorts);
  if (isIP(host) !== 0) return addressJudge(rules)(host, portOf(url)) === "allowed" ? undefined : notPublic;
  if (!isHostName(host)) return BAD_HOST;
  if (allowLoopback && isUnder(host, "localhost")) return undefined;
  const isSingleLabel = !host.includes(".");
  return isSingleLabel || LOCAL_SUFFIXES.some((suffix) => isUnder(host, suffix)) ? notPublic : undefined;
}

function isLoopback(host: string): boolean {
  const [publicOnly, withLoopback] = [false, true].map((allowLoopback) => addressJudge({ allowLoopback })(host));
  return publicOnly !== withLoopback;
}

function notNamed(ports: readonly number[] = []): string {
  const named = ports.length === 1 ? `port ${ports[0]}` : `ports ${ports.join(", ")}`;
  return (
    `On this machine webhooks go to ${named}: the inbox, and what was named at the start. ` +
    "Name more with npm start -- --webhook-port <port>."
  );
}

function isUnder(host: string, suffix: string): boolean {
  return host === suffix || host.endsWith(`.${suffix}`);
}

/** Builds the pattern of an own host. A name without a port covers all its ports. */
function hostPattern(name: string): RegExp {
  const pattern = name.toLowerCase().replaceAll(/\{region\}|\*|[^a-z0-9]/g, (part) => {
    if (part === "{region}") return REGION;
    return part === "*" ? PART_OF_LABEL : `\\${part}`;
  });
  return new RegExp(`^${pattern}$`);
}
