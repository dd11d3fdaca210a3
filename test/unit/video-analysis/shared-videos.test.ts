import assert from "node:assert/strict";
import sinon from "sinon";
import { fetchMaterial } from "../../../functions/src/jobs/video-analysis/fetch-material.ts";
import { sharedVideos } from "../../../functions/src/jobs/video-analysis/shared-videos.ts";
import { memoryUnitBudget } from "../../support/memory-unit-budget.ts";
import { memoryVideoCache } from "../../support/memory-video-cache.ts";
import { startYouTubeServer, type YouTubeServer } from "../../support/youtube-server.ts";

const ID = "dQw4w9WgXcQ";
const calm = new AbortController().signal;
const comment = (n: number) => ({ text: `comment ${n}` });
const some = (count: number) => ({ facts: {}, comments: Array.from({ length: count }, (_, n) => comment(n)) });

function aShare() {
  const clock = { now: new Date("2026-11-27T10:00:00Z") };
  const cache = memoryVideoCache();
  const open = () => sharedVideos(cache, 900_000, () => clock.now);
  return { clock, open, videos: open() };
}

describe("a video that jobs share", () => {
  it("is fetched once in 15 minutes, by all processes together", async () => {
    const { clock, open, videos } = aShare();
    const fetch = sinon.fake.resolves(some(3));
    await videos.get(ID, 100, calm, fetch);
    clock.now = new Date("2026-11-27T10:14:59.999Z");
    assert.deepEqual(await open().get(ID, 100, calm, fetch), some(3));
    assert.equal(fetch.callCount, 1);
    clock.now = new Date("2026-11-27T10:15:00Z");
    await videos.get(ID, 100, calm, fetch);
    assert.equal(fetch.callCount, 2);
  });

  it("serves those that want fewer comments, and those that want more when there are no more", async () => {
    const { videos } = aShare();
    const [ten, three] = [sinon.fake.resolves(some(10)), sinon.fake.resolves(some(3))];
    await videos.get(ID, 10, calm, ten);
    assert.deepEqual((await videos.get(ID, 2, calm, ten)).comments, [comment(0), comment(1)]);
    assert.equal(ten.callCount, 1);
    await videos.get(ID, 11, calm, ten);
    assert.equal(ten.callCount, 2, "the first fetch may have left some behind");
    await videos.get("another", 100, calm, three);
    await videos.get("another", 5000, calm, three);
    assert.equal(three.callCount, 1);
  });

  it("is fetched once for jobs that ask at the same time", async () => {
    const { videos } = aShare();
    const fetch = sinon.fake.resolves(some(3));
    const all = await Promise.all([100, 50, 2].map((most) => videos.get(ID, most, calm, fetch)));
    assert.deepEqual(
      all.map(({ comments }) => comments.length),
      [3, 3, 2],
    );
    assert.equal(fetch.callCount, 1);
  });

  it("is fetched by each of the others when the fetch they waited for fails", async () => {
    const { videos } = aShare();
    const fails = sinon.fake.rejects(new Error("used up"));
    const fetch = sinon.fake.resolves(some(3));
    const [first, second] = await Promise.allSettled([videos.get(ID, 9, calm, fails), videos.get(ID, 9, calm, fetch)]);
    assert.deepEqual([first.status, second.status], ["rejected", "fulfilled"]);
    assert.equal((await videos.get(ID, 9, calm, fails)).comments.length, 3);
  });

  it("is not waited for by a job that ends", async () => {
    const { videos } = aShare();
    const fetched = Promise.withResolvers<ReturnType<typeof some>>();
    const stop = new AbortController();
    const first = videos.get(ID, 9, calm, () => fetched.promise);
    const second = videos.get(ID, 9, stop.signal, sinon.fake.rejects(new Error("not called")));
    stop.abort(new Error("cancelled"));
    await assert.rejects(second, /cancelled/);
    fetched.resolve(some(1));
    assert.equal((await first).comments.length, 1);
  });
});

describe("the units of a video that jobs share", () => {
  let server: YouTubeServer;
  before(async () => {
    server = await startYouTubeServer();
    server.video(ID, { comments: some(150).comments });
  });
  after(() => server.stop());

  it("are spent once", async () => {
    const { clock, videos } = aShare();
    const budget = memoryUnitBudget({ perDay: 3, perOwnerPerDay: 3 });
    const share = { budget, now: () => clock.now, random: () => 0.5, videos };
    const youtube = { baseUrl: server.baseUrl, apiKey: "", share };
    for (const owner of ["ada", "ben", "cleo"]) {
      const { comments } = await fetchMaterial(youtube, ID, 150, { owner, signal: calm });
      assert.equal(comments.length, 150);
    }
    assert.equal(server.requests.length, 3);
  });
});
