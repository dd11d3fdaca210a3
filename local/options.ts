import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { ArgumentError, refusalOf } from "./argument-error.ts";
import { CHAOS_HELP, type ChaosOptions, parseChaos } from "./chaos/options.ts";
import { parseUrl } from "./parse-url.ts";
import { BROWSER_BLOCKED_PORTS, DEFAULT_PORTS, isPortName, type Ports } from "./ports.ts";

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
  /** The id of the project; default: the project's own. */
  projectId?: string;
  /** Every line of every part is printed. */
  verbose?: boolean;
}

/**
 * The destinations that webhooks may have. `local`: also this machine, over http; `strict`: as in production, only
 * public hosts, over https.
 */
export type Guard = "local" | "strict";

const helpOf = (
  command: string,
) => `Runs a Firebase project with Baton on this machine: emulators, functions, webhook inbox and console.

Usage: ${command} [options]

  --json          print one JSON line with the addresses on stdout once everything answers; all else goes to stderr
  --ports <list>  auto for free ports, or some of ${Object.keys(DEFAULT_PORTS).join(", ")}, e.g. --ports api=7001,console=7000
  --webhook-port <port>   lets webhooks reach this port of this machine, besides the inbox; may be given several times
  --allow-origin <origin> lets pages of this origin use the cloud, too, e.g. https://my.dev; several times
  --guard <which> local lets webhooks reach this machine, and so the inbox; strict judges their URLs as production does
  --chaos <list>  injects faults, to see how functions bear them, e.g. --chaos "seed=42,duplicate=0.2,kill=3s"; see below
  --project <id>  the project's id, which begins with demo-, so that no real project is reached; default: of .firebaserc
  --verbose       print every line of every part, also what the emulators repeat
  --help          print this

Faults, all off unless named:
${CHAOS_HELP.replaceAll(/^/gm, "  ")}

Default ports: ${Object.entries(DEFAULT_PORTS)
  .map(([name, port]) => `${name} ${port}`)
  .join(", ")}

Environment: variables in capitals are handed to the functions, and win over those of the files .env, .env.<project>
and .env.local; one that a function declares as a secret only to that function, as of .secret.local.
FIRESTORE_EMULATOR_JAR and PUBSUB_EMULATOR_JAR name the emulators where they are not found otherwise.`;

/** Reads the arguments of `npm start`, or of another `command` with the same options. */
export function parseStartOptions(args: readonly string[], command = "npm start --"): StartRequest {
  const options = {
    json: { type: "boolean", default: false },
    ports: { type: "string", default: "" },
    guard: { type: "string", default: "local" },
    chaos: { type: "string" },
    "allow-origin": { type: "string", multiple: true, default: [] },
    "webhook-port": { type: "string", multiple: true, default: [] },
    project: { type: "string" },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  } as const satisfies ParseArgsOptionsConfig;
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { outcome: "help", text: helpOf(command) };
    const { json, guard, project, verbose } = values;
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
      ...(project !== undefined && { projectId: project }),
      ...(verbose && { verbose }),
    };
  } catch (error) {
    return { outcome: "refused", message: refusalOf(error) };
  }
}

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
  const url = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+\/?$/i.test(text) ? parseUrl(text) : undefined;
  if (url === undefined)
    throw new ArgumentError(`--allow-origin: "${text}" is no origin (e.g. https://my.dev or http://app.test:8000)`);
  // Origins of browser extensions have no form of their own in the URL standard: `origin` is "null".
  return url.origin === "null" ? text.replace(/\/$/, "") : url.origin;
}
