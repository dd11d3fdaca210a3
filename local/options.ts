import { parseArgs } from "node:util";
import { CHAOS_HELP, type ChaosOptions, parseChaos } from "./chaos/options.ts";
import { DEFAULT_PORTS, type Ports } from "./ports.ts";
import type { Claims } from "./users.ts";

/** What `npm start` was asked to do. */
export type StartRequest =
  | { outcome: "run"; json: boolean; ports: Ports | "auto"; guard: Guard; chaos?: ChaosOptions }
  | { outcome: "help"; text: string }
  | { outcome: "refused"; message: string };

/** Where webhooks may go: `local` also to this machine, over http; `strict` as in production, by https to public hosts only. */
export type Guard = "local" | "strict";

const START_HELP = `Runs Baton on this machine: emulators, functions, webhook inbox and console.

Usage: npm start -- [options]

  --json          print one JSON line with the addresses on stdout once everything answers; all else goes to stderr
  --ports <list>  auto for free ports, or some of ${Object.keys(DEFAULT_PORTS).join(", ")}, e.g. --ports api=6001,console=6000
  --guard <which> local lets webhooks reach this machine, and so the inbox; strict judges their URLs as production does
  --chaos <list>  does faults to itself, to see how functions bear them, e.g. --chaos "seed=42,duplicate=0.2,kill=3s"; see below
  --help          print this

Faults, all off unless named:
${CHAOS_HELP.replaceAll(/^/gm, "  ")}

Default ports: ${Object.entries(DEFAULT_PORTS)
  .map(([name, port]) => `${name} ${port}`)
  .join(", ")}

Environment: YOUTUBE_API_KEY is handed to the functions that ask for it; YOUTUBE_API_BASE_URL and LEASE_MS to all;
FIRESTORE_EMULATOR_JAR and PUBSUB_EMULATOR_JAR name the emulators where they are not found by themselves.`;

/** Reads the arguments of `npm start`. */
export function parseStartOptions(args: string[]): StartRequest {
  const options = {
    json: { type: "boolean", default: false },
    ports: { type: "string", default: "" },
    guard: { type: "string", default: "local" },
    chaos: { type: "string" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const { values } = parseArgs({ args, options });
    if (values.help) return { outcome: "help", text: START_HELP };
    const ports = parsePorts(values.ports);
    if (typeof ports === "object" && "problem" in ports) return { outcome: "refused", message: ports.problem };
    const { json, guard } = values;
    if (guard !== "local" && guard !== "strict")
      return { outcome: "refused", message: `--guard: there is no guard "${guard}"; give local or strict` };
    if (values.chaos === undefined) return { outcome: "run", json, ports, guard };
    const parsed = parseChaos(values.chaos);
    return "problem" in parsed
      ? { outcome: "refused", message: `--chaos: ${parsed.problem}` }
      : { outcome: "run", json, ports, guard, chaos: parsed.chaos };
  } catch (error) {
    return { outcome: "refused", message: refusal(error) };
  }
}

function parsePorts(text: string): Ports | "auto" | { problem: string } {
  if (text === "auto") return "auto";
  const ports = { ...DEFAULT_PORTS };
  for (const part of text === "" ? [] : text.split(",")) {
    const [name = "", number = ""] = part.split("=");
    const port = Number(number);
    if (!isPortName(name))
      return {
        problem: `--ports: there is no port "${name}"; give auto, or name=number with ${Object.keys(ports).join(", ")}`,
      };
    if (!/^\d+$/.test(number) || port < 1 || port > 65_535)
      return { problem: `--ports: "${number}" is no port number for ${name} (1 to 65535)` };
    ports[name] = port;
  }
  return ports;
}

function isPortName(name: string): name is keyof Ports {
  return Object.hasOwn(DEFAULT_PORTS, name);
}

/** What `npm run token` was asked for. */
export type TokenRequest =
  | { outcome: "run"; uid: string; claims: Claims; authHost: string }
  | { outcome: "help"; text: string }
  | { outcome: "refused"; message: string };

const TOKEN_HELP = `Prints an ID token of the running local cloud, good for an hour.

Usage: npm run --silent token -- <uid> [--tier <tier>] [--admin] [--auth-host host:port]

  curl -H "authorization: Bearer $(npm run --silent token -- ada)" http://127.0.0.1:${DEFAULT_PORTS.api}/v1/jobs`;

/** Reads the arguments of `npm run token`; the host comes from the option, else FIREBASE_AUTH_EMULATOR_HOST, else the default port. */
export function parseTokenOptions(args: string[], env: Record<string, string | undefined>): TokenRequest {
  const options = {
    tier: { type: "string" },
    admin: { type: "boolean" },
    "auth-host": { type: "string", default: env.FIREBASE_AUTH_EMULATOR_HOST ?? `127.0.0.1:${DEFAULT_PORTS.auth}` },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help) return { outcome: "help", text: TOKEN_HELP };
    const [uid, ...more] = positionals;
    if (uid === undefined || uid === "")
      return { outcome: "refused", message: "give the uid of a user, e.g. npm run token -- ada" };
    if (more.length > 0) return { outcome: "refused", message: `one uid, please; "${more.join(" ")}" is too much` };
    if (uid.length > 128) return { outcome: "refused", message: "a uid has at most 128 characters" };
    const { tier, admin } = values;
    const claims = { ...(tier === undefined ? {} : { tier }), ...(admin ? { batonRole: "admin" } : {}) };
    return { outcome: "run", uid, claims, authHost: values["auth-host"] };
  } catch (error) {
    return { outcome: "refused", message: refusal(error) };
  }
}

/** `parseArgs` says what is wrong in its first sentence; the rest explains its own rules. */
function refusal(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(". ")[0] ?? message;
}
