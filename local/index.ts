export { type CommandLine, runDev, runToken } from "./dev.ts";
