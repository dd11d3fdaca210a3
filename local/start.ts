import { styleText } from "node:util";
import { describeFaults } from "./chaos/fault-counts.ts";
import { type LocalCloud, startLocalCloud } from "./cloud.ts";
import { passedThrough } from "./environment.ts";
import { limitedLog } from "./limited-log.ts";
import { isNoise, type LogLine, readableLine } from "./log.ts";
import { parseStartOptions, type StartRequest } from "./options.ts";
import { prepareProcess } from "./own-process.ts";
import { explain } from "./problem.ts";
import { INTERRUPTED, stopSignal, untilAborted } from "./signals.ts";

/** Runs the cloud until it is asked to stop or one of the emulators dies; answers the exit code. */
async function serve(request: Extract<StartRequest, { outcome: "run" }>): Promise<number> {
  const { outcome: _, json, verbose, ...options } = request;
  const signal = stopSignal();
  const print = json ? console.error : console.log;
  const printLine: LogLine = (source, line) => print(`${styleText("dim", source.padEnd(9))} ${readableLine(line)}`);
  const limited = limitedLog(printLine);
  const log: LogLine = (source, line) => {
    if (verbose) printLine(source, line);
    else if (!isNoise(source, line)) limited(source, line);
  };
  let cloud: LocalCloud | undefined;
  try {
    print("Starting the local cloud...");
    cloud = await startLocalCloud({ ...options, log, signal, ...passedThrough(process.env) });
    if (json) console.log(JSON.stringify(cloud.addresses));
    else print(welcome(cloud));
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

function welcome({ addresses }: LocalCloud): string {
  const rows = [
    ["Console", addresses.consoleUrl],
    ["API", `${addresses.apiUrl}/v1/jobs`],
    ["Webhook inbox", addresses.inboxUrl],
    ["Firestore", addresses.firestoreHost],
    ["Pub/Sub", addresses.pubsubHost],
    ["Auth", addresses.authHost],
    ["Storage", addresses.storageUrl],
  ];
  const lines = rows.map(([name = "", address = ""]) => `  ${name.padEnd(14)} ${styleText("cyan", address)}`);
  const authPort = addresses.authHost === "127.0.0.1:9099" ? "" : ` --auth-host ${addresses.authHost}`;
  return [
    "",
    styleText("bold", "Baton runs on this machine"),
    ...lines,
    "",
    `  A token:       npm run --silent token -- ada${authPort}`,
    "  Ctrl-C stops everything.",
    "",
  ].join("\n");
}

prepareProcess();
const request = parseStartOptions(process.argv.slice(2));
if (request.outcome === "help") {
  console.log(request.text);
} else if (request.outcome === "refused") {
  console.error(`${request.message}\nSee npm start -- --help`);
  process.exitCode = 1;
} else {
  // Whatever is still open when a start has failed must not keep the process: what it has started is gone by now.
  process.exit(await serve(request));
}
