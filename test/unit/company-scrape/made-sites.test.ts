import assert from "node:assert/strict";
import { guardedGet } from "@baton/engine/egress";
import { after, before } from "mocha";
import { type Evaluated, evaluate } from "../../support/sites/evaluate.ts";
import { MADE_SITES } from "../../support/sites/index.ts";
import { precisionOf, recallOf, sumOf } from "../../support/sites/score.ts";
import { scrape, scrapePorts } from "../../support/sites/scrape-made-site.ts";
import { madeGet, serveSites } from "../../support/sites/serve-sites.ts";

describe("the profiles of the made sites", () => {
  let results: readonly Evaluated[];
  before(async () => {
    results = await evaluate();
  });

  const scoreOf = (isHeldOut: boolean) =>
    sumOf(
      results.flatMap(({ site, scores }) =>
        (site.isHeldOut ?? false) === isHeldOut ? scores.map(({ score }) => score) : [],
      ),
    );

  it("have what the sites say, and nothing else", () => {
    assert.ok(results.length >= 40);
    assert.ok(recallOf(scoreOf(false)) >= 0.99, String(recallOf(scoreOf(false))));
    assert.ok(precisionOf(scoreOf(false)) >= 0.99, String(precisionOf(scoreOf(false))));
  });

  it("are as good for sites that were held out", () => {
    assert.ok(recallOf(scoreOf(true)) >= 0.95, String(recallOf(scoreOf(true))));
    assert.ok(precisionOf(scoreOf(true)) >= 0.95, String(precisionOf(scoreOf(true))));
  });
});

describe("a scrape", () => {
  const urlOf = (name: string) => `http://${name}.localhost:8080/`;

  it("names the URL that each value came from, and where in it", async () => {
    const profile = await scrape(scrapePorts(madeGet()), { url: urlOf("nordwind") });
    const home = urlOf("nordwind");
    assert.deepEqual(profile.name, { value: "Nordwind Räder", source: home, from: "json-ld" });
    assert.deepEqual(profile.people, [
      { value: { name: "Wiebke Petersen", role: "Geschäftsführung" }, source: `${home}impressum/`, from: "text" },
    ]);
    assert.deepEqual(profile.technologies, [
      { value: { name: "WordPress", category: "cms", version: "6.7.1" }, source: home, from: "meta" },
    ]);
  });

  it("never asks for the same page twice, and for no more than maxPages", async () => {
    for (const { name } of MADE_SITES) {
      const asked: string[] = [];
      const profile = await scrape(scrapePorts(madeGet(asked)), { url: urlOf(name), maxPages: 3 });
      assert.equal(new Set(asked).size, asked.length, asked.join(" "));
      assert.ok(profile.pages.length <= 3, asked.join(" "));
    }
  });

  it("gives only the stages that are asked for, in their order", async () => {
    const profile = await scrape(scrapePorts(madeGet()), { url: urlOf("teahouse"), stages: ["news", "overview"] });
    assert.deepEqual(profile.stages, ["overview", "news"]);
    assert.deepEqual([profile.technologies, profile.emails, profile.social], [[], [], []]);
    assert.deepEqual([profile.name?.value, profile.news.length], ["Misty Hill Tea", 1]);
  });

  it("keeps what it found when a stage fails, and names the stage", async () => {
    const profile = await scrape(scrapePorts(madeGet()), {
      url: urlOf("partlydown"),
      stages: ["overview", "contacts", "financial"],
    });
    assert.equal(profile.name?.value, "Rowan Clinic");
    assert.deepEqual(
      profile.stageErrors.map(({ stage, code }) => [stage, code]),
      [
        ["contacts", "site-error"],
        ["financial", "edgar-unavailable"],
      ],
    );
    assert.deepEqual(
      profile.phones.map(({ value }) => value),
      ["+35315550100"],
    );
  });

  it("answers a second time from the profile that is kept, in the stages that are asked for", async () => {
    const asked: string[] = [];
    const ports = scrapePorts(madeGet(asked));
    const input = { url: urlOf("teahouse"), stages: ["overview", "contacts", "news"] };
    const first = await scrape(ports, input);
    const requests = asked.length;
    const second = await scrape(ports, { ...input, stages: ["contacts"], maxPages: 5 });
    assert.equal(asked.length, requests);
    assert.deepEqual([first.isFromCache, second.isFromCache, second.feeds], [false, true, []]);
    assert.deepEqual(second.emails, first.emails);
  });

  for (const [freshness, days, isFromCache] of [
    ["7d", 6, true],
    ["7d", 8, false],
    ["any", 8, true],
    ["none", 0, false],
  ] as const) {
    it(`of freshness ${freshness} ${isFromCache ? "takes" : "does not take"} a profile that is ${days} days old`, async () => {
      let day = 1;
      const ports = scrapePorts(madeGet(), { now: () => new Date(`2026-11-0${day}T00:00:00Z`) });
      const input = { url: urlOf("teahouse"), stages: ["overview"], freshness };
      await scrape(ports, input);
      day += days;
      assert.equal((await scrape(ports, input)).isFromCache, isFromCache);
    });
  }

  it("tries https, then http, for the name of a host", async () => {
    const asked: string[] = [];
    const profile = await scrape(scrapePorts(madeGet(asked)), { url: "hugemenu.localhost:8080", stages: ["contacts"] });
    assert.equal(profile.emails[0]?.value, "parts@gearbase.example");
    assert.equal(asked[0], "https://hugemenu.localhost:8080/robots.txt");
  });

  it("begins at the root of the host when the URL is of a page below it", async () => {
    const profile = await scrape(scrapePorts(madeGet()), {
      url: `${urlOf("brightleaf")}careers`,
      stages: ["overview"],
    });
    assert.equal(profile.name?.value, "Brightleaf");
    assert.equal(profile.offers.length, 2);
  });
});

describe("a scrape over real connections", () => {
  let sites: Awaited<ReturnType<typeof serveSites>>;
  before(async () => {
    sites = await serveSites();
  });
  after(() => sites.stop());

  it("gives the same profile as one from memory", async () => {
    const get = guardedGet({ allowLoopback: true, ownHosts: [], resolve: async () => ["127.0.0.1"] });
    for (const site of MADE_SITES.slice(0, 12)) {
      const url = sites.urlOf(site);
      const [real, memory] = [await scrape(scrapePorts(get), { url }), await scrape(scrapePorts(madeGet()), { url })];
      const withoutConnection = real.technologies.filter(({ from }) => from !== "header");
      assert.deepEqual(
        { ...real, technologies: withoutConnection },
        { ...memory, technologies: memory.technologies.filter(({ from }) => from !== "header") },
      );
    }
  });
});
