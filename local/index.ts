export { type CommandLine, runDev } from "./dev.ts";
