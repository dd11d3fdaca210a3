import { deployedGet } from "@baton/engine/egress";
import { EgressSettings } from "@baton/engine/egress/settings";
import { type TestJob, testJob } from "@baton/engine/testing";
import { companyScrape } from "../functions/src/jobs/company-scrape/company-scrape.ts";
import { contentGenerate } from "../functions/src/jobs/content-generate/content-generate.ts";
import { pipelineRun } from "../functions/src/jobs/pipeline-run/pipeline-run.ts";
import type { FailedInput, RefusedInput } from "../test/support/bad-inputs/bad-input.ts";
import * as scrape from "../test/support/bad-inputs/company-scrape.ts";
import * as content from "../test/support/bad-inputs/content-generate.ts";
import * as pipeline from "../test/support/bad-inputs/pipeline-run.ts";
import { scrapePorts } from "../test/support/sites/scrape-made-site.ts";
import { aPipeline, SMALL } from "../test/unit/pipeline-run/a-pipeline.ts";
import { store } from "./results.ts";

/*
 * `node bench/bad-inputs.ts`: what a user is told of each bad input of three job types, in the tables that the unit tests
 * use, too. Prints it and stores `bench/results/bad-inputs.json`. A minute.
 */

const settings = { GCLOUD_PROJECT: "demo-baton" };
const patience = { patienceMs: 60_000, settings };
const rows: { type: string; input: string; code: string; message: string }[] = [];

/** Submits each refused input, and runs each job that fails; notes what their owner is told. */
async function note<Input>(
  type: string,
  { REFUSED, FAILED }: { REFUSED: readonly RefusedInput[]; FAILED: readonly FailedInput<Input>[] },
  submit: (input: unknown) => Promise<unknown>,
  open: (input: Input) => Promise<TestJob>,
): Promise<void> {
  for (const [input, given] of REFUSED) {
    const message = await Promise.resolve()
      .then(() => submit(given))
      .then(() => "ACCEPTED", String);
    rows.push({ type, input, code: "invalid-input", message: message.replace(/^.*not accepted: /, "") });
  }
  for (const [input, given] of FAILED) {
    const job = await open(given);
    await job.run();
    const { code = job.status, message = "" } = job.error ?? {};
    const left =
      job.files.size === 0 && job.attempts === 1 ? "" : ` [${job.attempts} attempts, ${job.files.size} files]`;
    rows.push({ type, input, code, message: `${message}${left}` });
  }
}

const ports = scrapePorts(deployedGet(EgressSettings.parse(settings)));
const scrapeType = companyScrape(() => ports);
// The tables have inputs that do not compile.
await note(
  "company.scrape",
  scrape,
  (input) => testJob(scrapeType, input as { url: string }, { settings }),
  (input) => testJob(scrapeType, input, { settings }),
);
await note(
  "content.generate",
  content,
  (input) => testJob(contentGenerate(), input as typeof content.GOOD & { formats: ["script"] }, patience),
  (input) => testJob(contentGenerate(), { ...content.GOOD, formats: ["script"], ...input }, patience),
);
await note(
  "pipeline.run",
  pipeline,
  (input) => testJob(pipelineRun(), input as { content: string; preset: string }, patience),
  (input) => aPipeline(SMALL, input),
);
console.table(rows.map(({ message, ...row }) => ({ ...row, message: message.slice(0, 90) })));
await store("bad-inputs", { rows });
