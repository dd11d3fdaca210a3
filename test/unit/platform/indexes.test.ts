import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Firestore } from "@google-cloud/firestore";
import sinon from "sinon";
import { firestoreErasures } from "../../../engine/src/erasure/firestore/erasures.ts";
import { firestoreExpiredDocuments } from "../../../engine/src/erasure/firestore/expired-documents.ts";
import type { Erasure } from "../../../engine/src/erasure/ports.ts";
import { jobCollections } from "../../../engine/src/jobs/firestore/job-collections.ts";
import { firestoreJobStore } from "../../../engine/src/jobs/firestore/job-store.ts";
import { readPromotionContext } from "../../../engine/src/jobs/firestore/promotion-context.ts";
import { firestoreResultStore } from "../../../engine/src/jobs/firestore/result-store.ts";
import { promotionReads } from "../../../engine/src/jobs/rules/promotion.ts";
import { ALL_SHARDS } from "../../../engine/src/kit/shard.ts";
import { firestoreAlertStore } from "../../../engine/src/webhooks/firestore/alert-store.ts";
import { firestoreDeliveryStore } from "../../../engine/src/webhooks/firestore/delivery-store.ts";
import { firestoreEndpointStore } from "../../../engine/src/webhooks/firestore/endpoint-store.ts";
import { countEndpoints } from "../../../engine/src/webhooks/firestore/endpoint-usage.ts";
import { firestoreRecoveryStore } from "../../../engine/src/webhooks/firestore/recovery-store.ts";
import { secretBox } from "../../../engine/src/webhooks/signing/secret-box.ts";
import { INDEXES, type IndexesFile, indexesFor, nameOf } from "../../support/firestore-indexes.ts";
import { aJob } from "../../support/jobs.ts";
import { type RecordedQuery, recordFirestore } from "../../support/recorded-firestore.ts";

const AT = new Date("2026-01-01T00:00:00.000Z");
const owner = "ada";

/** The queries of jobs: pages of the list, the sweep's, and those that a promotion counts with. */
async function queryJobs(db: Firestore): Promise<void> {
  const jobs = firestoreJobStore(db);
  const filters = [{}, { status: "queued" }, { type: "a" }, { tag: "a" }, { status: "queued", type: "a" }] as const;
  for (const filter of filters) await jobs.list({ owner, limit: 10, ...filter });
  await jobs.listWaiting(owner, 10);
  await jobs.readNextInLane("a-lane");
  await jobs.listFollowers("a-job", 10);
  await jobs.countActive(owner);
  await jobs.listDue(ALL_SHARDS, AT, 10);
  await jobs.listSleeping({ dueAt: AT }, AT, 10);
  await jobs.listSleeping({ dueAt: AT, jobId: "a-job" }, AT, 10);
  await firestoreResultStore(db).takeDue(AT, 10);
  const waiting = aJob({ owner, status: "pending", waitingFor: "slot", ticket: 3, lane: "a-lane", laneTicket: 3 });
  await readPromotionContext(jobCollections(db), owner, [promotionReads(waiting, AT)], AT);
}

async function queryWebhooks(db: Firestore): Promise<void> {
  const [deliveries, recoveries] = [firestoreDeliveryStore(db), firestoreRecoveryStore(db)];
  const [endpointId, jobId, state] = ["an-endpoint", "a-job", "held"] as const;
  const filters = [{}, { endpointId }, { jobId }, { state }, { endpointId, state }, { endpointId, jobId, state }];
  for (const filter of filters) await deliveries.list({ owner, limit: 10, ...filter });
  await deliveries.listAttempts("a-delivery");
  await deliveries.listMissed({ ...RECOVERY, owner, endpointId }, 10);
  await deliveries.listIds(endpointId, ["pending", "held"], 10);
  await deliveries.takeDue(AT, AT, 10);
  await deliveries.listSleeping(AT, AT, 10);
  await recoveries.takeDue(AT, AT, 10);
  await recoveries.listOf(endpointId);
  await firestoreAlertStore(db).takeDue(AT, AT, 10);
  const box = secretBox(`test:${Buffer.alloc(32, 7).toString("base64")}`);
  await firestoreEndpointStore(db, box, { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() }).listOf(owner);
  await countEndpoints(db, owner);
}

const INSTANTS = { createdAt: AT, updatedAt: AT, expireAt: AT };
const RECOVERY = {
  recoveryId: "a",
  since: AT,
  until: AT,
  state: "running",
  seen: 0,
  resent: 0,
  nextSlotAt: AT,
  shard: 0,
  ...INSTANTS,
} as const;

/** The queries of an erasure that finds documents of the jobs `x`, and then nothing. */
async function queryErasures(db: Firestore): Promise<void> {
  const erasures = firestoreErasures(db, { mailCollection: "mail" });
  const erasure: Erasure = { owner, requestedAt: AT, dueAt: AT, shard: 0, expireAt: AT };
  await erasures.listDue(AT, 10);
  await erasures.listUnended(erasure, 10);
  await erasures.eraseJobs(erasure, 10);
  await erasures.eraseRest(erasure, 10);
  await erasures.finish(erasure, AT);
}

/** The queries of browsers, which the security rules allow: the client's own jobs and the console's notices. */
const OF_BROWSERS: RecordedQuery[] = ["batonJobs", "batonAlerts"].map((collection) => ({
  collection,
  path: collection,
  isGroup: false,
  filters: [{ path: "owner", kind: "EQUAL" }],
  orders: [{ path: "createdAt", kind: "DESCENDING" }],
}));

/** The query of `docs/operations.md` for what is sealed with an older key. */
const OF_OPERATORS: RecordedQuery = {
  collection: "batonSecrets",
  path: "batonSecrets",
  isGroup: true,
  filters: [{ path: "sealed.keyId", kind: "NOT_EQUAL" }],
  orders: [],
};

describe("firestore.indexes.json", () => {
  let queries: RecordedQuery[];
  let lines: Set<string>;
  const sources = sourceFiles();
  before(async () => {
    // A usage that tells of full slots is counted; a job is found by an erasure only.
    const none = () => undefined;
    const recordings = [
      await recordFirestore(none, queryJobs),
      await recordFirestore(none, queryWebhooks),
      await recordFirestore((collection) => (collection === "batonJobs" ? {} : undefined), queryErasures),
    ];
    queries = [...recordings.flatMap((one) => one.queries), ...OF_BROWSERS, OF_OPERATORS];
    lines = new Set(recordings.flatMap((one) => [...one.lines]));
    // The emulator's own: in production Firestore's TTL policies do what they ask for.
    for (const line of (await recordFirestore(none, (db) => firestoreExpiredDocuments(db).deletePage(AT, 1))).lines) {
      lines.add(line);
    }
  });

  it("serves every query, of which the emulator asks for no index", () => {
    const refused = queries.filter((query) => indexesFor(query, INDEXES) === undefined);
    assert.deepEqual(refused, []);
  });

  it("has no composite index that no query uses", () => {
    const used = new Set(queries.flatMap((query) => indexesFor(query, INDEXES) ?? []));
    assert.deepEqual(
      INDEXES.indexes.map(nameOf).filter((name) => !used.has(name)),
      [],
    );
  });

  it("is compared with every query that the engine makes", () => {
    const written = sources.flatMap(([file, text]) =>
      text.split("\n").flatMap((line, i) => (/\.(where|orderBy)\(/.test(line) ? [`${file}:${i + 1}`] : [])),
    );
    assert.ok(written.length > 40, `${written.length}`);
    assert.deepEqual(
      written.filter((line) => !lines.has(line)),
      [],
    );
  });

  it("names fields that documents have", () => {
    const paths = [
      ...INDEXES.indexes.flatMap(({ fields }) => fields.map(({ fieldPath }) => fieldPath)),
      ...INDEXES.fieldOverrides.map(({ fieldPath }) => fieldPath),
    ];
    // A payload is stored as a map, or as text in the field with `Json` at its end.
    const names = new Set(paths.flatMap((path) => path.replace(/Json$/, "").split(".")));
    assert.deepEqual(
      [...names].filter((name) => !isDeclared(name, sources)),
      [],
    );
  });
});

/** True when an adapter writes a field of this name, or a rule declares it, on a line of its own, in what is stored. */
function isDeclared(name: string, sources: ReturnType<typeof sourceFiles>): boolean {
  return sources.some(([file, text]) => {
    if (/\/(firestore|signing)\/|\/firestore-/.test(file)) return new RegExp(`\\b${name}\\??: `).test(text);
    return /\/rules\//.test(file) && new RegExp(`^ +${name}\\??: `, "m").test(text);
  });
}

describe("indexesFor", () => {
  const file: IndexesFile = {
    indexes: [
      {
        collectionGroup: "things",
        queryScope: "COLLECTION",
        fields: [
          { fieldPath: "owner", order: "ASCENDING" },
          { fieldPath: "at", order: "DESCENDING" },
        ],
      },
    ],
    fieldOverrides: [{ collectionGroup: "things", fieldPath: "engine", indexes: [] }],
  };
  const query = (filters: [string, string][], orders: [string, string][] = []): RecordedQuery => ({
    collection: "things",
    path: "things",
    isGroup: false,
    filters: filters.map(([path, kind]) => ({ path, kind })),
    orders: orders.map(([path, kind]) => ({ path, kind })),
  });

  it("takes a composite index in its order only", () => {
    const newest = query([["owner", "EQUAL"]], [["at", "DESCENDING"]]);
    assert.deepEqual(indexesFor(newest, file), ["things owner ASCENDING at DESCENDING"]);
    assert.equal(indexesFor(query([["owner", "EQUAL"]], [["at", "ASCENDING"]]), file), undefined);
  });

  it("refuses an equal field that no index with the order has", () => {
    const both = query(
      [
        ["owner", "EQUAL"],
        ["state", "EQUAL"],
      ],
      [["at", "DESCENDING"]],
    );
    assert.equal(indexesFor(both, file), undefined);
  });

  it("orders a query with a range by the field of the range", () => {
    assert.equal(
      indexesFor(
        query([
          ["owner", "EQUAL"],
          ["at", "LESS_THAN"],
        ]),
        file,
      ),
      undefined,
    );
  });

  it("merges the default indexes of fields that are compared for equality", () => {
    assert.deepEqual(
      indexesFor(
        query([
          ["owner", "EQUAL"],
          ["state", "EQUAL"],
        ]),
        file,
      ),
      [],
    );
  });

  it("refuses a field below a map that is not indexed", () => {
    assert.equal(indexesFor(query([["engine.dueAt", "LESS_THAN"]]), file), undefined);
  });

  it("refuses a collection group where the default index is that of the collection", () => {
    assert.equal(indexesFor({ ...query([["owner", "EQUAL"]]), isGroup: true }, file), undefined);
  });
});

/** The files of the engine and of this deployment, by their paths below `src`. */
function sourceFiles(): [file: string, text: string][] {
  const repository = join(import.meta.dirname, "../../..");
  return [join(repository, "engine/src"), join(repository, "functions/src")].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file): [string, string] => [file, readFileSync(join(folder, file), "utf8")]),
  );
}
