import { parseTokenOptions } from "./token-options.ts";
import { signIn } from "./users.ts";

/** Prints an ID token of the running local cloud, as the arguments of `command` ask; answers the exit code. */
export async function printToken(argv: readonly string[], env: NodeJS.ProcessEnv, command: string): Promise<number> {
  const request = parseTokenOptions(argv, env, command);
  if (request.outcome === "help") {
    console.log(request.text);
    return 0;
  }
  if (request.outcome === "refused") {
    console.error(`${request.message}\nSee ${command} --help`);
    return 1;
  }
  try {
    console.log(await signIn(request.authHost, request.uid, request.claims));
    return 0;
  } catch (error) {
    const reason = error instanceof TypeError ? "nothing answers there" : String(error);
    console.error(
      `No token from the Auth emulator at ${request.authHost}: ${reason}.\nIs the local cloud running? Start it first.`,
    );
    return 1;
  }
}
