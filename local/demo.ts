import { startLocalCloud } from "./cloud.ts";
import type { Demo, PreparedDemo } from "./demo/demo.ts";
import { parseDemoOptions } from "./demo/options.ts";
import { paintFor } from "./demo/paint.ts";
import { progressPrinter } from "./demo/progress.ts";
import { followJob, type SignedInUser, signInAs } from "./demo/signed-in-user.ts";
import { arrivedWebhook, renderWebhook } from "./demo/webhook.ts";
import { passedThrough } from "./environment.ts";
import { isNoise, readableLine } from "./log.ts";
import { prepareProcess } from "./own-process.ts";
import { explain } from "./problem.ts";
import { INTERRUPTED, stopSignal } from "./signals.ts";

const MAX_WIDTH = 96;

const paint = paintFor(process.stdout);
const print = (line = "") => console.log(line);

/** Shows one job from its submission to its webhook; answers the exit code. */
async function show(demo: Demo, signal: AbortSignal): Promise<number> {
  const lines: string[] = [];
  const startedAt = performance.now();
  const stage = stopwatch();
  let prepared: PreparedDemo | undefined;
  let cloud: Awaited<ReturnType<typeof startLocalCloud>> | undefined;
  let user: SignedInUser | undefined;
  try {
    print(paint("bold", "Baton: one job's whole way, on this machine"));
    print("\nStarting the emulators, the functions as they would be deployed, and a webhook inbox...");
    const log = (source: string, line: string) => {
      if (!isNoise(source, line)) lines.push(`${source}: ${readableLine(line)}`);
    };
    prepared = await demo.prepare();
    const settings = { env: passedThrough(process.env), webhookPorts: prepared.ports };
    cloud = await startLocalCloud({ ports: "auto", console: false, log, signal, ...settings });
    print(stage("The local cloud answers"));
    user = await signInAs("ada", cloud.addresses);
    print(stage(`Signed in as ${user.uid}`));
    await runJob({ ...prepared, timeoutMs: demo.timeoutMs }, user, cloud.addresses.inboxUrl, stage, signal);
    print(
      `\nAll of it took ${seconds(performance.now() - startedAt)}. Stay and look around with ${paint("bold", "npm start")}.`,
    );
    return 0;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    console.error(`\nThe demo did not reach its end: ${explain(error)}`);
    if (cloud) console.error(`\nThe last lines of the local cloud:\n${lines.slice(-20).join("\n")}`);
    return 1;
  } finally {
    await user?.signOut();
    await cloud?.stop();
    await prepared?.stop();
  }
}

async function runJob(
  { subject, submit, render, timeoutMs }: PreparedDemo & { timeoutMs: number },
  { client }: SignedInUser,
  inboxUrl: string,
  stage: (what: string) => string,
  signal: AbortSignal,
): Promise<void> {
  const { jobId } = await submit(client, `${inboxUrl}/demo`);
  print(stage(`Submitted ${subject} as job ${jobId}, over HTTP as a browser would`));
  print(paint("dim", "\n  Its document in Firestore, as a listener sees it change:"));
  const progress = progressPrinter(process.stdout, paint);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const result = await followJob(client, jobId, progress.show, deadline).finally(progress.end);
  if (result.status !== "completed")
    throw new Error(`the job is ${result.status}: ${result.error?.message ?? "no reason given"}`);
  print(stage(`\nCompleted in attempt ${result.attempt}`));
  const width = Math.min(process.stdout.columns ?? MAX_WIDTH, MAX_WIDTH);
  print((await render({ client, jobId, output: result.output, width, paint })).join("\n"));
  const webhook = await arrivedWebhook(inboxUrl, jobId, signal);
  print(stage("\nThe webhook arrived at the inbox"));
  print(renderWebhook(webhook, paint).join("\n"));
}

/** Names a stage that is complete, and the time since the call before. */
function stopwatch(): (what: string) => string {
  let lapAt = performance.now();
  return (what) => {
    const line = `${what} ${paint("dim", `(${seconds(performance.now() - lapAt)})`)}`;
    lapAt = performance.now();
    return line.startsWith("\n") ? `\n${paint("green", "✔")} ${line.slice(1)}` : `${paint("green", "✔")} ${line}`;
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`;
}

prepareProcess();
const request = parseDemoOptions(process.argv.slice(2));
if (request.outcome === "help") {
  console.log(request.text);
} else if (request.outcome === "refused") {
  console.error(request.message);
  process.exitCode = 1;
} else {
  process.exit(await show(request.demo, stopSignal()));
}
