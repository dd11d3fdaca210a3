import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { VideoAnalysisOutput } from "../functions/src/jobs/video-analysis/schemas.ts";
import sampleComments from "../web/src/job-views/video-analysis/sample-comments.json" with { type: "json" };
import { startLocalCloud } from "./cloud.ts";
import { paintFor } from "./demo/paint.ts";
import { progressPrinter } from "./demo/progress.ts";
import { renderResult } from "./demo/render-result.ts";
import { followJob, type SignedInUser, signInAs } from "./demo/signed-in-user.ts";
import { passedThrough } from "./environment.ts";
import type { InboxMessage } from "./inbox/messages.ts";
import { isNoise, readableLine } from "./log.ts";
import { prepareProcess } from "./own-process.ts";
import { explain } from "./problem.ts";
import { INTERRUPTED, stopSignal } from "./signals.ts";

const JOB_TIMEOUT_MS = 60_000;
const WEBHOOK_TIMEOUT_MS = 20_000;
const MAX_WIDTH = 96;

const paint = paintFor(process.stdout);
const print = (line = "") => console.log(line);

/** Shows one job from its submission to its webhook; answers the exit code. */
async function demo(signal: AbortSignal): Promise<number> {
  const lines: string[] = [];
  const startedAt = performance.now();
  const stage = stopwatch();
  let cloud: Awaited<ReturnType<typeof startLocalCloud>> | undefined;
  let user: SignedInUser | undefined;
  try {
    print(paint("bold", "Baton: one job's whole way, on this machine"));
    print("\nStarting the emulators, the functions as they would be deployed, and a webhook inbox...");
    const log = (source: string, line: string) => {
      if (!isNoise(source, line)) lines.push(`${source}: ${readableLine(line)}`);
    };
    cloud = await startLocalCloud({ ports: "auto", console: false, log, signal, ...passedThrough(process.env) });
    print(stage("The local cloud answers"));
    user = await signInAs("ada", cloud.addresses);
    print(stage(`Signed in as ${user.uid}`));
    await analyse(user, cloud.addresses.inboxUrl, stage, signal);
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
  }
}

async function analyse(
  user: SignedInUser,
  inboxUrl: string,
  stage: (what: string) => string,
  signal: AbortSignal,
): Promise<void> {
  const input = { comments: sampleComments };
  const job = await user.client.submit("video.analysis", input, { webhookUrl: `${inboxUrl}/demo` });
  print(stage(`Submitted ${sampleComments.length} real comments as job ${job.jobId}, over HTTP as a browser would`));
  print(paint("dim", "\n  Its document in Firestore, as a listener sees it change:"));
  const progress = progressPrinter(process.stdout, paint);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(JOB_TIMEOUT_MS)]);
  const result = await followJob(user.client, job.jobId, progress.show, deadline).finally(progress.end);
  if (result.status !== "completed")
    throw new Error(`the job is ${result.status}: ${result.error?.message ?? "no reason given"}`);
  print(stage(`\nCompleted in attempt ${result.attempt}`));
  const width = Math.min(process.stdout.columns ?? MAX_WIDTH, MAX_WIDTH);
  print(renderResult(VideoAnalysisOutput.parse(result.output), width, paint).join("\n"));
  const webhook = await arrivedWebhook(inboxUrl, job.jobId, signal);
  print(stage("\nThe webhook arrived at the inbox"));
  showWebhook(webhook);
}

/** The messages that the inbox lists. */
const Messages = z.object({
  messages: z.array(z.custom<InboxMessage>((value) => typeof value === "object" && value !== null)),
});

async function arrivedWebhook(inboxUrl: string, jobId: string, signal: AbortSignal): Promise<InboxMessage> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)]);
  for (;;) {
    const response = await fetch(`${inboxUrl}/_inbox/messages?jobId=${jobId}`, { signal: deadline });
    const [first] = Messages.parse(await response.json()).messages;
    if (first) return first;
    await pause(50, undefined, { signal: deadline });
  }
}

function showWebhook(message: InboxMessage): void {
  print(`  POST ${message.path}  ${message.type ?? ""}`);
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent"]) {
    print(`  ${paint("dim", `${name}:`)} ${message.headers[name] ?? ""}`);
  }
  if (message.signature.outcome !== "verified")
    throw new Error(`the webhook's signature is ${message.signature.outcome}`);
  print(
    `  ${paint("green", "✔ signature verified")} with ${message.signature.signedWith}, by the library of Standard Webhooks`,
  );
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
process.exit(await demo(stopSignal()));
