import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { planSubscriptions } from "./plan-subscriptions.ts";

const USAGE = "usage: npm run subscriptions -- --project <id> [--region <region>] [--dry-run]";
const GCLOUD_TIMEOUT_MS = 120_000;

const run = promisify(execFile);

async function gcloud(args: readonly string[]): Promise<string> {
  const { stdout } = await run("gcloud", [...args, "--quiet"], { timeout: GCLOUD_TIMEOUT_MS });
  return stdout.trim();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      project: { type: "string" },
      region: { type: "string", default: "us-central1" },
      "dry-run": { type: "boolean", default: false },
    },
  });
  if (values.project === undefined) throw new Error(USAGE);
  const commands = await planSubscriptions({ projectId: values.project, region: values.region }, gcloud);
  for (const args of commands) {
    console.log(`gcloud ${args.join(" ")}`);
    if (!values["dry-run"]) await gcloud(args);
  }
}

try {
  await main();
} catch (error) {
  // gcloud's own words, or ours, are what the operator needs; a stack is not.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
