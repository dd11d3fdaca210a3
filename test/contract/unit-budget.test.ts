import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { firestoreUnitBudget } from "../../functions/src/jobs/video-analysis/firestore-unit-budget.ts";
import type { UnitBudget } from "../../functions/src/jobs/video-analysis/unit-budget.ts";
import { openFirestore } from "../support/firestore.ts";
import { memoryUnitBudget } from "../support/memory-unit-budget.ts";
import { onBoth } from "./both-webhook-stores.ts";

/** A project of their own: the deployment's budget is one for a project. */
const PROJECT = `units-${randomUUID()}`;
const LIMITS = { perDay: 2000, perOwnerPerDay: 100 };
const outcomes = async (takings: ReturnType<UnitBudget["take"]>[]) =>
  (await Promise.all(takings)).map((taking) => (taking.outcome === "taken" ? "taken" : taking.budget));
const count = (all: readonly string[], one: string) => all.filter((each) => each === one).length;

onBoth<UnitBudget>(
  "a budget of units",
  () => memoryUnitBudget(LIMITS),
  (db) => firestoreUnitBudget(db, LIMITS),
  (stores) => {
    it("gives an owner so many units a day, all that are asked for or none", async () => {
      const [one, other] = stores();
      const [owner, day] = [randomUUID(), "2026-01-01"];
      assert.deepEqual(await outcomes([one.take(owner, 60, day)]), ["taken"]);
      assert.deepEqual(await outcomes([other.take(owner, 41, day)]), ["owner"]);
      assert.deepEqual(await outcomes([other.take(owner, 40, day)]), ["taken"]);
      assert.deepEqual(await outcomes([one.take(owner, 1, day)]), ["owner"]);
      assert.deepEqual(await outcomes([one.take(`${owner}/b`, 100, day)]), ["taken"]);
    });

    it("begins again with each day", async () => {
      const [one, other] = stores();
      const owner = randomUUID();
      assert.deepEqual(await outcomes([one.take(owner, 100, "2026-02-02")]), ["taken"]);
      assert.deepEqual(await outcomes([other.take(owner, 1, "2026-02-02")]), ["owner"]);
      assert.deepEqual(await outcomes([other.take(owner, 100, "2026-02-03")]), ["taken"]);
    });

    it("gives to many that ask at once, in two processes, no more than an owner has", async () => {
      const [one, other] = stores();
      const [owner, day] = [randomUUID(), "2026-03-01"];
      const asked = Array.from({ length: 60 }, (_, n) => (n % 2 ? one : other).take(owner, 3, day));
      const all = await outcomes(asked);
      assert.deepEqual([count(all, "taken"), count(all, "owner")], [33, 27]);
    });

    it("gives to many owners no more than the deployment has, to the last unit", async () => {
      const [one, other] = stores();
      const day = "2026-04-01";
      for (let n = 0; n < 19; n++) assert.deepEqual(await outcomes([one.take(randomUUID(), 100, day)]), ["taken"]);
      const asked = Array.from({ length: 12 }, (_, n) => (n % 2 ? one : other).take(randomUUID(), 10, day));
      const all = await outcomes(asked);
      assert.deepEqual([count(all, "taken"), count(all, "deployment")], [10, 2]);
      assert.deepEqual(await outcomes([other.take(randomUUID(), 1, day)]), ["deployment"]);
    });

    it("takes back what was not spent", async () => {
      const [one, other] = stores();
      const [owner, day] = [randomUUID(), "2026-05-01"];
      const taking = await one.take(owner, 100, day);
      assert.ok(taking.outcome === "taken");
      await taking.giveBack(70);
      assert.deepEqual(await outcomes([other.take(owner, 71, day)]), ["owner"]);
      assert.deepEqual(await outcomes([other.take(owner, 70, day)]), ["taken"]);
    });
  },
  PROJECT,
);

describe("in Firestore, a budget of units", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(PROJECT);
  });
  after(() => db.terminate());

  it("names no owner, and expires three days later", async () => {
    const owner = randomUUID();
    await firestoreUnitBudget(db, LIMITS).take(owner, 7, "2026-06-01");
    const hash = createHash("sha256").update(owner).digest("hex");
    const counter = await db.doc(`youtubeUnits/2026-06-01-${hash}`).get();
    assert.equal(counter.get("units"), 7);
    assert.deepEqual(counter.get("expireAt").toDate(), new Date("2026-06-04T00:00:00Z"));
    assert.deepEqual(Object.keys(counter.data() ?? {}).sort(), ["expireAt", "units"]);
  });
});
