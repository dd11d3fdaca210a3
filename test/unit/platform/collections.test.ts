import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Timestamp } from "@google-cloud/firestore";
import { firestoreErasures } from "../../../engine/src/erasure/firestore/erasures.ts";
import { firestoreExpiredDocuments } from "../../../engine/src/erasure/firestore/expired-documents.ts";
import type { Erasure, Erasures } from "../../../engine/src/erasure/ports.ts";
import { jobCollections } from "../../../engine/src/jobs/firestore/job-collections.ts";
import { firestoreStepStore } from "../../../engine/src/jobs/firestore/step-store.ts";
import { newUsage } from "../../../engine/src/jobs/rules/usage.ts";
import { COLLECTION_FACTS, COLLECTIONS } from "../../../engine/src/platform/firestore/collections.ts";
import { toFields } from "../../../engine/src/platform/firestore/documents.ts";
import { firestoreDeliveryStore } from "../../../engine/src/webhooks/firestore/delivery-store.ts";
import { readKeys } from "../../../engine/src/webhooks/firestore/endpoint-secrets.ts";
import { secretBox } from "../../../engine/src/webhooks/signing/secret-box.ts";
import { COLLECTIONS as OWN_COLLECTIONS } from "../../../functions/src/collections.ts";
import { EXPIRING } from "../../../infra/src/expiring-collections.ts";
import { INDEXES } from "../../support/firestore-indexes.ts";
import { type Recording, recordFirestore } from "../../support/recorded-firestore.ts";
import { readRulesOf } from "../../support/security-rules.ts";

const repository = join(import.meta.dirname, "../../..");
const facts = Object.values(COLLECTION_FACTS);

/** Each collection that lies below another one, with that one: `batonDeliveries/batonAttempts`. */
const below = facts.flatMap((one) => ("within" in one ? one.within.map((parent) => `${parent}/${one.name}`) : []));

/** The condition of `allow read` for each kind of reader. */
const CONDITIONS = {
  owner: "batonIsOwn()",
  "owner-and-admin": "batonIsOwn() || batonIsAdmin()",
  none: undefined,
} as const;

const ttlGroups = INDEXES.fieldOverrides.flatMap(({ ttl, collectionGroup }) => (ttl === true ? [collectionGroup] : []));

describe("the list of collections", () => {
  it("says what the security rules allow: who reads each collection, and nothing more", () => {
    const rules = readRulesOf(readFileSync(join(repository, "firestore.rules"), "utf8"));
    const allowed = rules.map(({ collections, condition }) => `${collections}: ${condition}`);
    const listed = facts.flatMap((collection) => {
      const condition = CONDITIONS[collection.readers];
      const parents: readonly string[] = "within" in collection ? collection.within : [""];
      const paths = parents.map((parent) => (parent === "" ? collection.name : `${parent}/${collection.name}`));
      return condition === undefined ? [] : paths.map((path) => `${path}: ${condition}`);
    });
    assert.deepEqual(allowed.sort(), listed.sort());
  });

  it("names every collection that firestore.indexes.json names", () => {
    const known: readonly string[] = [...Object.values(COLLECTIONS), ...Object.values(OWN_COLLECTIONS)];
    const named = [...INDEXES.indexes, ...INDEXES.fieldOverrides].map(({ collectionGroup }) => collectionGroup);
    assert.deepEqual(
      [...new Set(named)].filter((group) => !known.includes(group)),
      [],
    );
  });

  it("says which collections have a TTL policy in firestore.indexes.json, each on expireAt", () => {
    const expiring = facts.flatMap(({ name, expires }) => (expires ? [name] : []));
    assert.deepEqual(ttlGroups.toSorted(), [...expiring, ...Object.values(OWN_COLLECTIONS)].sort());
    for (const { ttl, fieldPath, indexes } of INDEXES.fieldOverrides) {
      if (ttl === true || fieldPath === "expireAt") assert.deepEqual([ttl, fieldPath, indexes], [true, "expireAt", []]);
    }
  });

  it("says which TTL policies infra/ declares", () => {
    assert.deepEqual(EXPIRING.toSorted(), ttlGroups.toSorted());
  });

  it("says what expires in the local cloud", async () => {
    const { queries } = await recordFirestore(
      () => undefined,
      (db) => firestoreExpiredDocuments(db).deletePage(new Date(0), 10),
    );
    assert.ok(queries.every(({ isGroup, filters: [filter] }) => isGroup && filter?.path === "expireAt"));
    const expiring = facts.flatMap(({ name, expires }) => (expires ? [name] : []));
    assert.deepEqual(queries.map(({ collection }) => collection).sort(), expiring.sort());
  });

  it("says below which collections each other one lies", async () => {
    const { queries } = await recordFirestore(
      () => undefined,
      async (db) => {
        await firestoreStepStore(db).recall("x", 1000);
        await firestoreDeliveryStore(db).listAttempts("x");
        const box = secretBox(`test:${Buffer.alloc(32, 7).toString("base64")}`);
        await readKeys(db.collection(COLLECTIONS.endpoints).doc("x"), box, new Date(0));
        const { inputOf, outputOf } = jobCollections(db);
        for (const { parent } of [inputOf("x"), outputOf("x")]) await parent.get();
      },
    );
    const opened = queries.map(({ path }) => path.replace("/x/", "/"));
    assert.deepEqual(opened.sort(), below.sort());
  });

  it("is where the engine and this deployment take the name of each collection from", () => {
    const named = /\.(?:collection|collectionGroup)\(["'`][^)]*\)|\.doc\(["'`][^)$]*\/[^)]*\)/g;
    const opened = sourceFiles("engine/src", "functions/src").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(named)].map(([call]) => `${relative(repository, file)}: ${call}`),
    );
    assert.deepEqual(opened, []);
  });
});

describe("the erasure of an owner", () => {
  const DATE = new Date("2026-01-01T00:00:00.000Z");
  const erasure: Erasure = { owner: "ada", requestedAt: DATE, dueAt: DATE, shard: 0, expireAt: DATE };
  const usage = toFields({ ...newUsage("ada", DATE), minute: { startsAt: DATE, jobs: 0 } });
  /** All that Baton keeps about one owner, one document in each collection. */
  const found = (collection: string) => ({
    ...(collection === "batonUsage" && usage),
    jobId: "x",
    requestedAt: Timestamp.fromDate(DATE),
    "engine.cache.key": "x",
  });
  let recordings: Recording[];
  before(async () => {
    const run = (isThere: (collection: string) => boolean, erase: (erasures: Erasures) => Promise<unknown>) =>
      recordFirestore(
        (collection) => (isThere(collection) ? found(collection) : undefined),
        (db) => erase(firestoreErasures(db)),
      );
    recordings = [
      await run(
        () => true,
        (erasures) => erasures.eraseJobs(erasure, 1),
      ),
      await run(
        (collection) => collection !== "batonUsage",
        (erasures) => erasures.eraseRest(erasure, 1),
      ),
      await run(
        (collection) => collection !== "batonJobs" && collection !== "batonEndpoints",
        (erasures) => erasures.finish(erasure, DATE),
      ),
    ];
  });

  const listed = (erasure: string) => facts.flatMap((one) => (one.erasure === erasure ? [one.name] : [])).sort();
  const deleted = () => [...new Set(recordings.flatMap((one) => one.deleted))].map((path) => path.split("/"));
  const names = (paths: (string | undefined)[]) => [...new Set(paths)].sort();

  it("finds by the field `owner` the collections of which the list says so", () => {
    const byOwner = recordings
      .flatMap(({ queries }) => queries)
      .filter(({ filters }) => filters.some(({ path, kind }) => path === "owner" && kind === "EQUAL"));
    assert.deepEqual(names(byOwner.map(({ collection }) => collection)), listed("deleted"));
  });

  it("deletes those, those with a key, and no other", () => {
    const top = deleted().map(([collection]) => collection);
    assert.deepEqual(names(top), [...listed("deleted"), ...listed("by-key")].sort());
  });

  it("deletes what lies below another document with that document", () => {
    const paths = deleted().flatMap(([parent, , name]) => (name === undefined ? [] : [`${parent}/${name}`]));
    assert.deepEqual(names(paths), names(below));
    assert.deepEqual(listed("with-parent"), names(below.map((path) => path.split("/")[1])));
  });
});

function sourceFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !file.includes("node_modules"))
      .map((file) => join(repository, folder, file)),
  );
}
