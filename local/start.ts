import { styleText } from "node:util";
import { describeFaults } from "./chaos/fault-counts.ts";
import { type LocalCloud, startLocalCloud } from "./cloud.ts";
import { passedThrough } from "./environment.ts";
import { isNoise, readableLine } from "./log.ts";
import { parseStartOptions, type StartRequest } from "./options.ts";
import { explain } from "./problem.ts";
import { stopSignal, untilAborted } from "./signals.ts";

/** Runs the cloud until it is asked to stop or one of the emulators dies; answers the exit code. */
async function serve({ json, ports, guard, chaos }: Extract<StartRequest, { outcome: "run" }>): Promise<number> {
  const signal = stopSignal();
  const print = json ? console.error : console.log;
  const log = (source: string, line: string) => {
    if (!isNoise(source, line)) print(`${styleText("dim", source.padEnd(9))} ${readableLine(line)}`);
  };
  let cloud: LocalCloud | undefined;
  try {
    print("Starting the local cloud...");
    const options = { ports, guard, log, signal, ...(chaos ? { chaos } : {}), ...passedThrough(process.env) };
    cloud = await startLocalCloud(options);
    if (json) console.log(JSON.stringify(cloud.addresses));
    else print(welcome(cloud));
    await Promise.race([untilAborted(signal), cloud.failed]);
    print("Stopping...");
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    console.error(`\n${explain(error)}`);
    return 1;
  } finally {
    await cloud?.stop();
    if (cloud && chaos) print(describeFaults(cloud.faults()));
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

const request = parseStartOptions(process.argv.slice(2));
if (request.outcome === "help") {
  console.log(request.text);
} else if (request.outcome === "refused") {
  console.error(`${request.message}\nSee npm start -- --help`);
  process.exitCode = 1;
} else {
  process.exitCode = await serve(request);
}
