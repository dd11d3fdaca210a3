import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { firestoreProfileCache } from "../../functions/src/jobs/company-scrape/profile/firestore-profile-cache.ts";
import { firestoreSiteTurns } from "../../functions/src/jobs/company-scrape/turns/firestore-site-turns.ts";
import { firestoreHostTurns } from "../../functions/src/web-pages/fetch/firestore-host-turns.ts";
import { openFirestore } from "../support/firestore.ts";
import { scrape, scrapePorts } from "../support/sites/scrape-made-site.ts";
import { madeGet } from "../support/sites/serve-sites.ts";

/** A project of their own: the sweep of the cloud's deletes what has expired. */
const PROJECT = `scrapes-${randomUUID()}`;
const { signal } = new AbortController();

describe("in Firestore, the turns of hosts", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(PROJECT);
  });
  after(() => db.terminate());
  const newHost = () => `${randomUUID()}.example:8080`;
  const noRest = () => 0;

  it("let one request of several processes to a host run at a time", async () => {
    const host = newHost();
    const processes = [firestoreHostTurns(db), firestoreHostTurns(db), firestoreHostTurns(db)];
    let [running, most] = [0, 0];
    const request = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((done) => setTimeout(done, 20));
      running -= 1;
    };
    const turns = [0, 1, 2, 0, 1, 2].flatMap((process) => processes[process] ?? []);
    await Promise.all(turns.map((turn) => turn.take(host, signal, request, noRest)));
    assert.equal(most, 1);
  });

  it("let the host rest as long as it asks for", async () => {
    const host = newHost();
    const turns = firestoreHostTurns(db);
    const times: number[] = [];
    for (let n = 0; n < 3; n++)
      await turns.take(
        host,
        signal,
        async () => void times.push(Date.now()),
        () => 300,
      );
    const [first = 0, second = 0, third = 0] = times;
    assert.ok(second - first >= 300 && third - second >= 300, times.join(" "));
  });

  it("pass a turn on after 30 s when the process that has it is gone", async () => {
    const host = newHost();
    let now = Date.parse("2026-11-27T12:00:00Z");
    const hanging = firestoreHostTurns(db, () => now).take(host, signal, () => new Promise(() => undefined), noRest);
    hanging.catch(() => undefined);
    const taken = await new Promise<boolean>((done) => {
      const look = async () => {
        const stored = await db.doc(`scrapeHosts/${host}`).get();
        if (stored.exists) done(true);
        else setTimeout(look, 20);
      };
      look().catch(() => done(false));
    });
    assert.ok(taken);
    now += 30_001;
    assert.equal(await firestoreHostTurns(db, () => now).take(host, signal, async () => "mine", noRest), "mine");
  });

  it("end with the request's error, and leave the host free", async () => {
    const host = newHost();
    const turns = firestoreHostTurns(db);
    await assert.rejects(
      turns.take(host, signal, () => Promise.reject(new Error("reset")), noRest),
      /reset/,
    );
    assert.equal(await turns.take(host, signal, async () => "next", noRest), "next");
  });

  it("are given up when the job is cancelled", async () => {
    const host = newHost();
    await db.doc(`scrapeHosts/${host}`).set({ freeAt: new Date(Date.now() + 20_000), expireAt: new Date() });
    const cancel = new AbortController();
    const waiting = firestoreHostTurns(db).take(host, cancel.signal, async () => "never", noRest);
    setTimeout(() => cancel.abort(), 50);
    await assert.rejects(waiting, { name: "AbortError" });
  });

  it("are given up, too, behind a request of the same process that does not end", async () => {
    const host = newHost();
    const turns = firestoreHostTurns(db);
    turns.take(host, signal, () => new Promise(() => undefined), noRest).catch(() => undefined);
    const cancel = new AbortController();
    const waiting = turns.take(host, cancel.signal, async () => "never", noRest);
    setTimeout(() => cancel.abort(), 50);
    await assert.rejects(waiting, { name: "AbortError" });
  });
});

describe("in Firestore, the turns of sites", () => {
  let db: Firestore;
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  before(() => {
    db = openFirestore(PROJECT);
  });
  after(() => db.terminate());

  it("give one of several processes that ask at once the turn, and the next one when it leaves", async () => {
    const domain = `${randomUUID()}.example`;
    const processes = [0, 1, 2].map(() => firestoreSiteTurns(db, log, () => new Date()));
    const askAll = () => Promise.all(processes.map((turns, index) => turns.ask(domain, `job-${index}`)));
    const first = await askAll();
    assert.deepEqual(first.map(({ outcome }) => outcome).toSorted(), ["turn", "waits", "waits"]);
    assert.deepEqual(await askAll(), first);
    const holder = first.findIndex(({ outcome }) => outcome === "turn");
    await processes[0]?.leave(domain, `job-${holder}`);
    await processes[0]?.leave(domain, `job-${holder}`);
    const second = await Promise.all(
      processes.flatMap((turns, index) => (index === holder ? [] : [turns.ask(domain, `job-${index}`)])),
    );
    assert.deepEqual(second.map(({ outcome }) => outcome).toSorted(), ["turn", "waits"]);
    const stored = await db.doc(`scrapeSites/${domain}`).get();
    assert.deepEqual([Object.keys(stored.data() ?? {}).toSorted(), log.warn.callCount], [["expireAt", "jobs"], 0]);
  });
});

describe("in Firestore, a cache of profiles", () => {
  let db: Firestore;
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  before(() => {
    db = openFirestore(PROJECT);
  });
  after(() => db.terminate());

  it("gives back what was kept last, names no owner, and expires after 30 days", async () => {
    const cache = firestoreProfileCache(db, log);
    const profile = await scrape(scrapePorts(madeGet()), { url: "http://nordwind.localhost:8080/" });
    assert.equal(await cache.read(profile.domain), undefined);
    await cache.keep({ profile, maxPages: 12 });
    assert.deepEqual(await firestoreProfileCache(db, log).read(profile.domain), { profile, maxPages: 12 });
    const stored = await db.doc(`companyProfiles/${profile.domain}`).get();
    assert.deepEqual(Object.keys(stored.data() ?? {}).toSorted(), ["expireAt", "fetchedAt", "maxPages", "profile"]);
    assert.deepEqual(stored.get("expireAt").toDate(), new Date("2026-12-27T12:00:00Z"));
  });

  it("has nothing where a document is damaged, and says so", async () => {
    await db.doc("companyProfiles/damaged.example").set({ profile: "{", maxPages: 1 });
    assert.equal(await firestoreProfileCache(db, log).read("damaged.example"), undefined);
    assert.equal(log.warn.callCount, 1);
  });
});
