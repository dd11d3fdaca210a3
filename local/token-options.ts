import { parseArgs } from "node:util";
import { refusalOf } from "./argument-error.ts";
import { DEFAULT_PORTS } from "./ports.ts";
import type { Claims } from "./users.ts";

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
export function parseTokenOptions(args: readonly string[], env: Record<string, string | undefined>): TokenRequest {
  const options = {
    tier: { type: "string" },
    admin: { type: "boolean" },
    "auth-host": { type: "string", default: env.FIREBASE_AUTH_EMULATOR_HOST || `127.0.0.1:${DEFAULT_PORTS.auth}` },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
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
    return { outcome: "refused", message: refusalOf(error) };
  }
}
