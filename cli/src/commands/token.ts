import { signIn } from "../../../local/users.ts";
import { Refusal } from "../refusal.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

/** Options of `baton token`. */
export interface TokenCommand {
  readonly uid: string;
  readonly tier?: string;
  readonly admin: boolean;
  /** Host and port of the Auth emulator. */
  readonly authHost: string;
  readonly json: boolean;
}

/** Prints an ID token of a user of the running local cloud, who is made where need be. It is good for an hour. */
export async function token({ uid, tier, admin, authHost, json }: TokenCommand, terminal: Terminal): Promise<ExitCode> {
  const claims = { ...(tier !== undefined && { batonTier: tier }), ...(admin && { batonRole: "admin" }) };
  try {
    const idToken = await signIn(authHost, uid, claims);
    terminal.print(json ? JSON.stringify({ uid, idToken }) : idToken);
    return EXIT.ok;
  } catch (error) {
    // `fetch` throws a TypeError when nothing answers.
    const reason = error instanceof TypeError ? "nothing answers there" : String(error);
    const message = `No token from the Auth emulator at ${authHost}: ${reason}. Is the local cloud running? Start it with "npx @baton/cli dev".`;
    throw new Refusal("sign-in-failed", message, { cause: error });
  }
}
