import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { testJob } from "@baton/engine/testing";
import { companyScrape } from "../../../functions/src/jobs/company-scrape/company-scrape.ts";
import { askForTurn, leaveQueue, type SiteQueue } from "../../../functions/src/jobs/company-scrape/turns/site-queue.ts";
import { memorySiteTurns, scrapeAs, scrapePorts } from "../../support/sites/scrape-made-site.ts";
import { madeGet } from "../../support/sites/serve-sites.ts";

const NOW = new Date("2026-11-27T12:00:00Z");
const inMs = (ms: number) => new Date(NOW.getTime() + ms);
const url = "http://teahouse.localhost:8080/";

/** The queue after these jobs have asked at `now`, one after the other, and what the last one was answered. */
function asked(jobIds: readonly string[], now = NOW, before: SiteQueue = []) {
  let answer: ReturnType<typeof askForTurn> = { turn: { outcome: "full" }, queue: before };
  for (const jobId of jobIds) answer = askForTurn(answer.queue, jobId, now);
  return answer;
}

describe("the queue of a site", () => {
  it("gives the turn to the first job, also when it asks again", () => {
    assert.deepEqual(asked(["a"]).turn, { outcome: "turn" });
    assert.deepEqual(asked(["a", "b", "a"]).turn, { outcome: "turn" });
  });

  it("has the others ask again after five seconds for each job ahead, a minute at most, in their places", () => {
    assert.deepEqual(asked(["a", "b"]).turn, { outcome: "waits", afterMs: 5000 });
    assert.deepEqual(asked(["a", "b", "c", "b"]).turn, { outcome: "waits", afterMs: 5000 });
    const many = Array.from({ length: 40 }, (_, index) => `job-${index}`);
    assert.deepEqual(asked(many).turn, { outcome: "waits", afterMs: 60_000 });
  });

  it("passes the turn on when the job before has left, or has not been heard of for five minutes", () => {
    const { queue } = asked(["a", "b"]);
    assert.deepEqual(asked(["b"], NOW, leaveQueue(queue, "a")).turn, { outcome: "turn" });
    const later = asked(["b"], inMs(60_000), queue).queue;
    assert.equal(asked(["b"], inMs(299_999), later).turn.outcome, "waits");
    assert.equal(asked(["b"], inMs(300_000), later).turn.outcome, "turn");
  });

  it("forgets a job that does not ask again within a minute of its time", () => {
    const { queue } = asked(["a", "b", "c"]);
    assert.deepEqual(asked(["c"], inMs(64_999), queue).turn, { outcome: "waits", afterMs: 10_000 });
    assert.deepEqual(asked(["c"], inMs(65_000), queue).turn, { outcome: "waits", afterMs: 5000 });
  });

  it("takes a hundred jobs", () => {
    const { queue } = asked(Array.from({ length: 100 }, (_, index) => `job-${index}`));
    assert.equal(asked(["one-more"], NOW, queue).turn.outcome, "full");
    assert.equal(asked(["job-99"], NOW, queue).turn.outcome, "waits");
    assert.equal(asked(["one-more"], NOW, leaveQueue(queue, "job-5")).turn.outcome, "waits");
  });
});

describe("ten scrapes of one slow host at once", () => {
  /** Runs them; answers who sent each request, in order. A sleep takes a thousandth of its time. */
  async function scrapeTogether(freshness: "7d" | "none") {
    const sent: string[] = [];
    const ports = scrapePorts(madeGet(), { sites: memorySiteTurns() });
    const together = Array.from({ length: 10 }, (_, index) => {
      const get: typeof ports.get = async (...request) => {
        sent.push(`job-${index}`);
        await pause(5);
        return ports.get(...request);
      };
      const sleep = async (ms: number | { until: Date }) => void (await pause(Number(ms) / 1000));
      const input = { url, stages: ["overview"], maxPages: 12 - index, freshness };
      return scrapeAs(`job-${index}`, { ...ports, get }, input, sleep);
    });
    return { sent, profiles: await Promise.all(together) };
  }

  it("read it one after the other, each as well as alone", async () => {
    const { sent, profiles } = await scrapeTogether("none");
    assert.deepEqual(
      profiles.map(({ stageErrors }) => stageErrors),
      profiles.map(() => []),
    );
    const changes = sent.filter((job, index) => job !== sent[index - 1]);
    assert.equal(changes.length, 10, changes.join(" "));
  });

  it("read it no more often than the profile that one of them kept leaves open", async () => {
    const { sent, profiles } = await scrapeTogether("7d");
    assert.deepEqual([...new Set(sent)], ["job-0"]);
    assert.equal(profiles.filter(({ isFromCache }) => isFromCache).length, 9);
  });
});

describe("a scrape whose site others read", () => {
  const SETTINGS = { GCLOUD_PROJECT: "demo" };
  const jobOf = (ports: ReturnType<typeof scrapePorts>) =>
    testJob(
      companyScrape(() => ports),
      { url, stages: ["overview"] },
      { settings: SETTINGS },
    );

  it("sleeps between its looks, and reads the site when the others have left", async () => {
    const sites = memorySiteTurns(() => NOW);
    await sites.ask("teahouse.localhost", "another");
    const job = await jobOf(scrapePorts(madeGet(), { sites }));
    await job.runOnce();
    await job.runOnce();
    assert.equal(job.history.at(-1)?.reason, "sleeping");
    await sites.leave("teahouse.localhost", "another");
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["completed", 1]);
    assert.deepEqual(await sites.ask("teahouse.localhost", "next"), { outcome: "turn" });
  });

  it("fails with site-busy after an hour, and at once where too many wait; nothing is fetched", async () => {
    const fetched: string[] = [];
    for (const outcome of ["waits", "full"] as const) {
      const ask = async () => (outcome === "full" ? { outcome } : { outcome, afterMs: 60_000 });
      const job = await jobOf(scrapePorts(madeGet(fetched), { sites: { ask, leave: async () => undefined } }));
      await job.run();
      assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, "site-busy"]);
    }
    assert.deepEqual(fetched, []);
  });

  it("gives its turn back when it fails", async () => {
    const sites = memorySiteTurns(() => NOW);
    const job = await jobOf(
      scrapePorts(async () => ({ outcome: "failed", kind: "dns", code: "ENOTFOUND" }), { sites }),
    );
    await job.run();
    assert.equal(job.error?.code, "dns-failed");
    assert.deepEqual(await sites.ask("teahouse.localhost", "next"), { outcome: "turn" });
  });
});
