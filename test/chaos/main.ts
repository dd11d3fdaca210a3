import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SUBSCRIPTIONS, type Subscriptions } from "./hostile-cloud.ts";
import { renderReport } from "./render-report.ts";
import { runChaos } from "./run-chaos.ts";

/*
 * `npm run chaos -- --jobs 2000 --seed 42`: runs mixed jobs on a local cloud that injects every fault. Prints a table,
 * stores `test/chaos/reports/seed-<seed>.json`, and exits with 1 when a promise was broken. With `--endpoints` an
 * endpoint of each owner receives all of their jobs. `--subscriptions policy` runs it with the subscription policy of
 * `infra/`, in place of Eventarc's defaults.
 */

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "2000" },
    seed: { type: "string", default: "42" },
    endpoints: { type: "boolean", default: false },
    subscriptions: { type: "string", default: "eventarc" },
    verbose: { type: "boolean", default: false },
  },
});
const [jobs, seed] = [Number(values.jobs), Number(values.seed)];
const { subscriptions } = values;
if (
  !isSubscriptions(subscriptions) ||
  !Number.isSafeInteger(jobs) ||
  jobs < 1 ||
  !Number.isSafeInteger(seed) ||
  seed < 0
) {
  console.error(
    "Usage: npm run chaos -- --jobs <1 or more> --seed <whole number, 0 or more> " +
      "[--subscriptions eventarc|policy] [--endpoints] [--verbose]",
  );
  process.exit(2);
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const report = await runChaos({
  jobs,
  seed,
  subscriptions,
  withEndpoints: values.endpoints,
  log: (source, line) => {
    if (values.verbose || source === "chaos") console.error(`${source} | ${line}`);
  },
});
console.log(renderReport(report));
const folder = join(import.meta.dirname, "reports");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, `seed-${seed}.json`), `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.checks.some(({ broken }) => broken.length > 0) ? 1 : 0;

function isSubscriptions(name: string): name is Subscriptions {
  return Object.hasOwn(SUBSCRIPTIONS, name);
}
