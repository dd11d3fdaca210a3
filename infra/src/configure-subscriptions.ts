import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { deployedFunctions } from "./deployed-functions.ts";
import { DEPLOYED_FOLDER, readManifest } from "./manifest.ts";
import { planSubscriptions } from "./plan-subscriptions.ts";

const USAGE = "usage: npm run subscriptions -- --project <id> --region <region> [--dry-run]";
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
      region: { type: "string" },
      "dry-run": { type: "boolean", default: false },
    },
  });
  const { project: projectId, region } = values;
  if (projectId === undefined || region === undefined) throw new Error(USAGE);
  const functions = deployedFunctions(await readManifest(DEPLOYED_FOLDER, projectId));
  const commands = await planSubscriptions({ projectId, region, functions }, gcloud);
  for (const args of commands) {
    console.log(`gcloud ${args.join(" ")}`);
    if (!values["dry-run"]) await gcloud(args);
  }
}

try {
  await main();
} catch (error) {
  // The operator needs the message of gcloud or of this program, not a stack.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
