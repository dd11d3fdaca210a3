import { prepareProcess } from "./own-process.ts";
import { parseTokenOptions } from "./token-options.ts";
import { signIn } from "./users.ts";

prepareProcess();
const request = parseTokenOptions(process.argv.slice(2), process.env);
if (request.outcome === "help") {
  console.log(request.text);
} else if (request.outcome === "refused") {
  console.error(`${request.message}\nSee npm run token -- --help`);
  process.exitCode = 1;
} else {
  try {
    console.log(await signIn(request.authHost, request.uid, request.claims));
  } catch (error) {
    const reason = error instanceof TypeError ? "nothing answers there" : String(error);
    console.error(
      `No token from the Auth emulator at ${request.authHost}: ${reason}.\nIs the local cloud running? Start it with npm start.`,
    );
    process.exitCode = 1;
  }
}
