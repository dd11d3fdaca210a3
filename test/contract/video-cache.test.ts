import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { firestoreVideoCache } from "../../functions/src/jobs/video-analysis/firestore-video-cache.ts";
import type { VideoCache } from "../../functions/src/jobs/video-analysis/video-cache.ts";
import { openFirestore } from "../support/firestore.ts";
import { memoryVideoCache } from "../support/memory-video-cache.ts";
import { onBoth } from "./both-webhook-stores.ts";

/** A project of their own: the sweep of the cloud's deletes what has expired. */
const PROJECT = `videos-${randomUUID()}`;
const FRESH_MS = 900_000;
const VIDEO = {
  facts: { title: "A song", channel: "A band", publishedAt: "2026-01-01T00:00:00Z", commentCount: 2 },
  comments: [{ text: "one 😀", likes: 3, publishedAt: "2026-01-02T00:00:00Z" }, { text: "" }],
  maxComments: 100,
  fetchedAt: new Date("2026-11-27T10:00:00.123Z"),
};
const silent = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };

onBoth<VideoCache>(
  "a cache of videos",
  () => memoryVideoCache(),
  (db) => firestoreVideoCache(db, FRESH_MS, silent),
  (caches) => {
    it("gives back what was kept last, also to another process", async () => {
      const [one, other] = caches();
      const id = randomUUID();
      assert.equal(await one.read(id), undefined);
      await one.keep(id, { ...VIDEO, comments: [], facts: {} });
      await one.keep(id, VIDEO);
      assert.deepEqual(await other.read(id), VIDEO);
    });
  },
  PROJECT,
);

describe("in Firestore, a cache of videos", () => {
  let db: Firestore;
  let cache: VideoCache;
  beforeEach(() => {
    silent.warn.resetHistory();
    cache = firestoreVideoCache(db, FRESH_MS, silent);
  });
  before(() => {
    db = openFirestore(PROJECT);
  });
  after(() => db.terminate());

  it("names no owner, and expires 15 minutes after the fetch", async () => {
    const id = randomUUID();
    await cache.keep(id, VIDEO);
    const kept = await db.doc(`youtubeVideos/${id}`).get();
    assert.deepEqual(Object.keys(kept.data() ?? {}).sort(), ["expireAt", "fetchedAt", "material", "maxComments"]);
    assert.deepEqual(kept.get("expireAt").toDate(), new Date("2026-11-27T10:15:00.123Z"));
  });

  it("keeps 5,000 comments of usual length", async () => {
    const id = randomUUID();
    const comments = Array.from({ length: 5000 }, (_, n) => ({
      text: `${n} what a lovely song, ${n * 7919}!`.repeat(4),
    }));
    await cache.keep(id, { ...VIDEO, comments });
    assert.equal((await cache.read(id))?.comments.length, 5000);
  });

  it("keeps no video that is larger than a document, packed or unpacked", async () => {
    const id = randomUUID();
    const noise = Array.from({ length: 300 }, () => ({ text: randomBytes(4000).toString("base64") }));
    const blanks = Array.from({ length: 1000 }, () => ({ text: " ".repeat(10_000) }));
    for (const comments of [noise, blanks]) {
      await cache.keep(id, { ...VIDEO, comments });
      assert.equal(await cache.read(id), undefined);
    }
    assert.equal(silent.warn.callCount, 0);
  });

  it("has nothing where a document is damaged, and says so", async () => {
    const id = randomUUID();
    const stored = { maxComments: 1, fetchedAt: Timestamp.now(), expireAt: Timestamp.now() };
    await db.doc(`youtubeVideos/${id}`).set({ ...stored, material: Buffer.from("no gzip") });
    assert.equal(await cache.read(id), undefined);
    await db.doc(`youtubeVideos/${id}`).set({ ...stored, material: "text" });
    assert.equal(await cache.read(id), undefined);
    assert.equal(silent.warn.callCount, 2);
  });
});
