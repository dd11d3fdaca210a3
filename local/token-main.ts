import { prepareProcess } from "./own-process.ts";
import { printToken } from "./token.ts";

prepareProcess();
process.exitCode = await printToken(process.argv.slice(2), process.env, "npm run --silent token --");
