import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { companyScrape } from "../../../functions/src/jobs/company-scrape/company-scrape.ts";
import { jobs } from "../../../functions/src/jobs/index.ts";
import { scrapePorts } from "../../support/sites/scrape-made-site.ts";
import { madeGet } from "../../support/sites/serve-sites.ts";

const SETTINGS = { GCLOUD_PROJECT: "demo" };
const url = "http://teahouse.localhost:8080/";

describe("the job type company.scrape", () => {
  it("is among the job types of the deployment, in the queue default", () => {
    const type = jobs.find((each) => each.type === "company.scrape");
    assert.deepEqual([type?.queue, type?.secrets, type?.retry.maxAttempts], ["default", [], 3]);
  });

  it("does each stage as a step, with its progress", async () => {
    const ports = scrapePorts(madeGet());
    const job = await testJob(
      companyScrape(() => ports),
      { url },
      { settings: SETTINGS },
    );
    await job.run();
    assert.equal(job.status, "completed");
    const steps = job.reports.map(({ step, progress }) => [step, progress]);
    assert.deepEqual(
      steps
        .filter(([, progress]) => progress !== undefined)
        .map(([, progress]) => progress)
        .toSorted(),
      steps.map(([, progress]) => progress),
    );
    for (const [stage, done] of Object.entries({
      overview: 0.15,
      contacts: 0.3,
      technology: 0.45,
      financial: 0.6,
      people: 0.75,
      news: 0.9,
    })) {
      assert.equal(job.step(stage).runs, 1);
      assert.ok(
        steps.some(([, progress]) => progress === done),
        stage,
      );
    }
  });

  it("asks for no page again when its worker dies in a later stage", async () => {
    const asked: string[] = [];
    const ports = scrapePorts(madeGet(asked));
    const job = await testJob(
      companyScrape(() => ports),
      { url, stages: ["overview", "contacts"] },
      { settings: SETTINGS },
    );
    job.killIn("contacts");
    await job.run();
    assert.equal(job.status, "completed");
    const counts = (path: string) => asked.filter((one) => new URL(one).pathname === path).length;
    assert.deepEqual([counts("/"), counts("/pages/about-us"), counts("/pages/contact")], [1, 1, 2]);
  });

  it("fails at once where another attempt cannot help, with the code of the failure", async () => {
    const ports = scrapePorts(madeGet());
    const job = await testJob(
      companyScrape(() => ports),
      { url: "http://nosuch.localhost:8080/" },
      { settings: SETTINGS },
    );
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, "page-not-found"]);
  });

  it("is tried again when the site did not answer in time", async () => {
    const ports = scrapePorts(async () => ({ outcome: "failed", kind: "timeout" }));
    const job = await testJob(
      companyScrape(() => ports),
      { url },
      { settings: SETTINGS },
    );
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 3, "site-timeout"]);
  });
});
