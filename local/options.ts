import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { CHAOS_HELP, type ChaosOptions, parseChaos } from "./chaos/options.ts";
import { BROWSER_BLOCKED_PORTS, DEFAULT_PORTS, type Ports } from "./ports.ts";
import type { Claims } from "./users.ts";

/** A request to `npm start`. */
export type StartRequest =
  | ({ outcome: "run" } & StartOptions)
  | { outcome: "help"; text: string }
  | { outcome: "refused"; message: string };

/** The settings of `npm start`; an absent one was not given. */
export interface StartOptions {
  json: boolean;
  ports: Ports | "auto";
  guard: Guard;
  chaos?: ChaosOptions;
  /** Origins of pages, beside those of this machine, that may use the cloud. */
  allowedOrigins?: string[];
  /** Ports of this machine, beside the inbox's, that webhooks may go to. */
  webhookPorts?: number[];
  /** Every line of every part is printed. */
  verbose?: boolean;
}

/**
 * The destinations that webhooks may have. `local`: also this machine, over http; `strict`: as in production, only
 * public hosts, over https.
 */
export type Guard = "local" | "strict";

const START_HELP = `Runs Baton on this machine: emulators, functions, webhook inbox and console.

Usage: npm start -- [options]

  --json          print one JSON line with the addresses on stdout once everything answers; all else goes to stderr
  --ports <list>  auto for free ports, or some of ${Object.keys(DEFAULT_PORTS).join(", ")}, e.g. --ports api=7001,console=7000
  --webhook-port <port>   lets webhooks reach this port of this machine, besides the inbox; may be given several times
  --allow-origin <origin> lets pages of this origin use the cloud, too, e.g. https://my.dev; several times
  --guard <which> local lets webhooks reach this machine, and so the inbox; strict judges their URLs as production does
  --chaos <list>  injects faults, to see how functions bear them, e.g. --chaos "seed=42,duplicate=0.2,kill=3s"; see below
  --verbose       print every line of every part, also what the emulators repeat
  --help          print this

Faults, all off unless named:
${CHAOS_HELP.replaceAll(/^/gm, "  ")}

Default ports: ${Object.entries(DEFAULT_PORTS)
  .map(([name, port]) => `${name} ${port}`)
  .join(", ")}

Environment: YOUTUBE_API_KEY, GEMINI_API_KEY and TEXT_TO_SPEECH_API_KEY are handed to the functions that ask for them;
YOUTUBE_API_BASE_URL and LEASE_MS to all;
FIRESTORE_EMULATOR_JAR and PUBSUB_EMULATOR_JAR name the emulators where they are not found otherwise.`;

/** Reads the arguments of `npm start`. */
export function parseStartOptions(args: string[]): StartRequest {
  const options = {
    json: { type: "boolean", default: false },
    ports: { type: "string", default: "" },
    guard: { type: "string", default: "local" },
    chaos: { type: "string" },
    "allow-origin": { type: "string", multiple: true, default: [] },
    "webhook-port": { type: "string", multiple: true, default: [] },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  } as const satisfies ParseArgsOptionsConfig;
  try {
    const { values } = parseArgs({ args, options });
    if (values.help) return { outcome: "help", text: START_HELP };
    const { json, guard, verbose } = values;
    if (guard !== "local" && guard !== "strict")
      return { outcome: "refused", message: `--guard: there is no guard "${guard}"; give local or strict` };
    const ports = parsePorts(values.ports);
    const chaos = values.chaos === undefined ? undefined : parseChaosOption(values.chaos);
    const allowedOrigins = values["allow-origin"].map(parseOrigin);
    const webhookPorts = values["webhook-port"].map(parseWebhookPort);
    return {
      outcome: "run",
      json,
      ports,
      guard,
      ...(chaos && { chaos }),
      ...(allowedOrigins.length > 0 && { allowedOrigins }),
      ...(webhookPorts.length > 0 && { webhookPorts }),
      ...(verbose && { verbose }),
    };
  } catch (error) {
    return { outcome: "refused", message: refusal(error) };
  }
}

/** An argument that says nothing usable. Its message is one line. */
class ArgumentError extends Error {}

function parseChaosOption(text: string): ChaosOptions {
  const parsed = parseChaos(text);
  if ("problem" in parsed) throw new ArgumentError(`--chaos: ${parsed.problem}`);
  return parsed.chaos;
}

function parsePorts(text: string): Ports | "auto" {
  if (text === "auto") return "auto";
  const ports = { ...DEFAULT_PORTS };
  const given = new Set<string>();
  for (const part of text === "" ? [] : text.split(",")) {
    const [name = "", number = ""] = part.split(/=(.*)/s).map((piece) => piece.trim());
    if (!isPortName(name))
      throw new ArgumentError(
        `--ports: there is no port "${name}"; give auto, or name=number with ${Object.keys(ports).join(", ")}`,
      );
    if (given.has(name)) throw new ArgumentError(`--ports: ${name} is given twice`);
    given.add(name);
    ports[name] = parsePort("--ports", number, name);
  }
  for (const [name, port] of Object.entries(ports)) {
    const twin = Object.entries(ports).find(([other, otherPort]) => other !== name && otherPort === port)?.[0];
    if (twin !== undefined) throw new ArgumentError(`--ports: ${name} and ${twin} cannot both be ${port}`);
    if (BROWSER_BLOCKED_PORTS.includes(port))
      throw new ArgumentError(
        `--ports: browsers refuse to connect to port ${port} (${name}); see https://fetch.spec.whatwg.org/#port-blocking`,
      );
  }
  return ports;
}

function parsePort(option: string, number: string, name?: string): number {
  const port = Number(number);
  if (/^\d+$/.test(number) && port >= 1 && port <= 65_535) return port;
  const of = name === undefined ? "" : ` for ${name}`;
  throw new ArgumentError(`${option}: "${number}" is no port number${of} (1 to 65535)`);
}

/** Of the ports that the functions let webhooks reach on any machine. */
function parseWebhookPort(number: string): number {
  const port = parsePort("--webhook-port", number);
  const isOfWeb = port === 80 || port === 443 || port >= 1024;
  if (isOfWeb && !BROWSER_BLOCKED_PORTS.includes(port)) return port;
  throw new ArgumentError(`--webhook-port: no webhook goes to port ${port}: take 80, 443 or one from 1024 up`);
}

function parseOrigin(text: string): string {
  const url = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+\/?$/i.test(text) ? URL.parse(text) : null;
  if (url === null)
    throw new ArgumentError(`--allow-origin: "${text}" is no origin (e.g. https://my.dev or http://app.test:8000)`);
  // Origins of browser extensions have no form of their own in the URL standard: `origin` is "null".
  return url.origin === "null" ? text.replace(/\/$/, "") : url.origin;
}

function isPortName(name: string): name is keyof Ports {
  return Object.hasOwn(DEFAULT_PORTS, name);
}

/** A request to `npm run token`. */
export type TokenRequest =
  | { outcome: "run"; uid: string; claims: Claims; authHost: string }
  | { outcome: "help"; text: string }
  | { outcome: "refused"; message: string };

const TOKEN_HELP = `Prints an ID token of the running local cloud, good for an hour.

Usage: npm run --silent token -- <uid> [--tier <tier>] [--admin] [--auth-host host:port]

  curl -H "authorization: Bearer $(npm run --silent token -- ada)" http://127.0.0.1:${DEFAULT_PORTS.api}/v1/jobs`;

/**
 * Reads the arguments of `npm run token`; the host comes from the option, else FIREBASE_AUTH_EMULATOR_HOST, else the
 * default port.
 */
export function parseTokenOptions(args: string[], env: Record<string, string | undefined>): TokenRequest {
  const options = {
    tier: { type: "string" },
    admin: { type: "boolean" },
    "auth-host": { type: "string", default: env.FIREBASE_AUTH_EMULATOR_HOST || `127.0.0.1:${DEFAULT_PORTS.auth}` },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help) return { outcome: "help", text: TOKEN_HELP };
    const [uid, ...more] = positionals.map((positional) => positional.trim());
    if (uid === undefined || uid === "")
      return { outcome: "refused", message: "give the uid of a user, e.g. npm run token -- ada" };
    if (more.length > 0) return { outcome: "refused", message: `one uid, please; "${more.join(" ")}" is too much` };
    if (uid.length > 128) return { outcome: "refused", message: "a uid has at most 128 characters" };
    const { tier, admin, "auth-host": authHost } = values;
    if (!/^[^\s/@]+:\d{1,5}$/.test(authHost))
      return { outcome: "refused", message: `--auth-host: "${authHost}" is no host and port, such as 127.0.0.1:9099` };
    const claims = { ...(tier === undefined ? {} : { batonTier: tier }), ...(admin ? { batonRole: "admin" } : {}) };
    return { outcome: "run", uid, claims, authHost };
  } catch (error) {
    return { outcome: "refused", message: refusal(error) };
  }
}

/** `parseArgs` says what is wrong in its first sentence; the rest explains its own rules. */
function refusal(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ArgumentError) return message;
  return message.split(". ")[0] ?? message;
}
