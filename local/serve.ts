import { styleText } from "node:util";
import { describeFaults } from "./chaos/fault-counts.ts";
import type { CloudOptions } from "./cloud-options.ts";
import { passedThrough } from "./environment.ts";
import { limitedLog } from "./limited-log.ts";
import { isNoise, type LogLine, readableLine } from "./log.ts";
import { parseStartOptions, type StartOptions, type StartRequest } from "./options.ts";
import { explain } from "./problem.ts";
import { shortStacks } from "./short-stacks.ts";
import { INTERRUPTED, stopSignal, untilAborted } from "./signals.ts";
import type { LocalCloud } from "./start-cloud.ts";
import { welcome } from "./welcome.ts";

/** A command of the terminal that runs a local cloud. */
export interface ServeCommand {
  /** As it is typed, before its options. */
  command: string;
  /** The command that prints a token, before the name of the user. */
  tokenCommand: string;
  start(options: Settings & Pick<StartOptions, "projectId">): Promise<LocalCloud>;
}

type Settings = Omit<CloudOptions, "project" | "prepareFunctions" | "site">;

/** Runs a cloud until it is asked to stop or one of the emulators dies; answers the exit code. */
export async function serve(argv: readonly string[], command: ServeCommand): Promise<number> {
  const request = parseStartOptions(argv, command.command);
  if (request.outcome === "run") return run(request, command);
  if (request.outcome === "help") console.log(request.text);
  else console.error(`${request.message}\nSee ${command.command} --help`);
  return request.outcome === "help" ? 0 : 1;
}

async function run(request: Extract<StartRequest, { outcome: "run" }>, command: ServeCommand): Promise<number> {
  const { outcome: _, json, verbose = false, ...options } = request;
  const signal = stopSignal();
  const print = json ? console.error : console.log;
  const log = terminalLog(print, verbose, command.command);
  let cloud: LocalCloud | undefined;
  try {
    print("Starting the local cloud...");
    cloud = await command.start({ ...options, log, signal, env: passedThrough(process.env) });
    if (json) console.log(JSON.stringify(cloud.addresses));
    else print(welcome(cloud, command.tokenCommand));
    await Promise.race([untilAborted(signal), cloud.failed]);
    print("Stopping...");
    return 0;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    console.error(`\n${explain(error)}`);
    return 1;
  } finally {
    await cloud?.stop();
    if (cloud && options.chaos) print(describeFaults(cloud.faults()));
  }
}

/** Prints each line behind its source; without `isVerbose` neither noise, nor floods, nor the frames of a stack. */
function terminalLog(print: (line: string) => void, isVerbose: boolean, command: string): LogLine {
  const printLine: LogLine = (source, text) => {
    for (const line of readableLine(text).split("\n")) print(`${styleText("dim", source.padEnd(9))} ${line}`);
  };
  if (isVerbose) return printLine;
  const limited = limitedLog(shortStacks(printLine), command);
  return (source, line) => {
    if (!isNoise(source, line)) limited(source, line);
  };
}
