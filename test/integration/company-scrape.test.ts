import assert from "node:assert/strict";
import { createBatonClient } from "@baton/client";
import { after, before } from "mocha";
import type { jobs } from "../../functions/src/jobs/index.ts";
import { testCloud } from "../support/cloud.ts";
import { MADE_SITES } from "../support/sites/index.ts";
import { serveSites } from "../support/sites/serve-sites.ts";
import { waitFor } from "../support/wait-for.ts";

async function newClient() {
  const { token } = await testCloud().newUser("scrape");
  return createBatonClient<typeof jobs>({ apiUrl: testCloud().apiUrl, getToken: async () => token });
}

describe("a job of company.scrape", () => {
  let sites: Awaited<ReturnType<typeof serveSites>>;
  before(async () => {
    sites = await serveSites();
  });
  after(() => sites.stop());

  async function run(url: string) {
    const client = await newClient();
    const { jobId } = await client.submit("company.scrape", {
      url,
      stages: ["overview", "contacts", "people", "news"],
    });
    const job = await waitFor(`job ${jobId} to be final`, async () => {
      const { status, error } = await client.job(jobId);
      return ["completed", "failed"].includes(status) && { status, error };
    });
    const result = await client.result(jobId);
    assert.ok(client.isResultOf("company.scrape", result));
    return { ...job, output: result.output };
  }

  it("reads a site through the whole cloud, and serves another owner from the profile that is kept", async () => {
    const site = MADE_SITES.find(({ name }) => name === "brightleaf");
    assert.ok(site);
    const first = await run(sites.urlOf(site));
    assert.equal(first.error, undefined);
    assert.equal(first.output?.name?.value, "Brightleaf");
    assert.deepEqual(
      first.output?.emails.map(({ value }) => value),
      site.truth.emails,
    );
    assert.deepEqual(
      first.output?.jobOpenings.map(({ value }) => value.title),
      site.truth.jobOpenings,
    );
    assert.deepEqual([first.output?.stageErrors, first.output?.isFromCache], [[], false]);
    const second = await run(sites.urlOf(site));
    assert.deepEqual(
      [second.status, second.output?.isFromCache, second.output?.fetchedAt],
      ["completed", true, first.output?.fetchedAt],
    );
  });

  it("fails with the code of what is wrong with the site", async () => {
    const failed = await run("http://nothing.localhost:1025/");
    assert.deepEqual([failed.status, failed.error?.code], ["failed", "site-unreachable"]);
  });
});
