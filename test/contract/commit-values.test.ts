import assert from "node:assert/strict";
import { DocumentReference, FieldValue, GeoPoint, Timestamp, VectorValue } from "@google-cloud/firestore";
import fc from "fast-check";
import { before } from "mocha";
import { z } from "zod";
import type { DocumentTransaction } from "../../engine/src/job-types/document-transaction.ts";
import { isPermanent } from "../../engine/src/job-types/job-errors.ts";
import { anotherFirestore } from "../support/another-firestore.ts";
import { randomJobId } from "../support/jobs.ts";
import { T0 } from "./both-job-stores.ts";
import { onBothStepStores, type StepStores, stepWriter } from "./both-step-stores.ts";

/**
 * Tests the values that a commit may write, and those it refuses; run against the fake and against the real emulator.
 */
function commitContract(name: string, open: () => StepStores) {
  describe(`a commit on ${name}`, () => {
    let stores: StepStores;
    before(() => {
      stores = open();
    });

    const { held, record } = stepWriter(() => stores);

    async function commit(write: (tx: DocumentTransaction) => unknown): Promise<unknown> {
      let given: unknown;
      const work = async (tx: DocumentTransaction) => {
        given = await write(tx);
        return typeof given === "string" ? given : null;
      };
      const answer = await record(await held(), "commit", work);
      assert.equal(answer.outcome, "recorded");
      return given;
    }
    const read = (path: string) => commit((tx) => tx.get(path));
    const readAll = async (path: string) => z.looseObject({}).parse(await read(path));
    const refused = async (write: (tx: DocumentTransaction) => unknown, code: string, message: RegExp) => {
      await assert.rejects(commit(write), (error: Error & { code?: unknown }) => {
        assert.ok(isPermanent(error), String(error));
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
    };

    it("has each sentinel's effect", async () => {
      const path = `stock/${randomJobId()}`;
      await commit((tx) => tx.set(path, { sold: 2, tags: ["a", "b"], gone: 1, map: { n: FieldValue.increment(3) } }));
      await commit((tx) =>
        tx.update(path, {
          sold: FieldValue.increment(1),
          tags: FieldValue.arrayUnion("b", "c"),
          gone: FieldValue.delete(),
        }),
      );
      assert.deepEqual(await read(path), { sold: 3, tags: ["a", "b", "c"], map: { n: 3 } });
      await commit((tx) => tx.update(path, { tags: FieldValue.arrayRemove("a"), at: FieldValue.serverTimestamp() }));
      const after = (await read(path)) as { tags: string[]; at: unknown };
      assert.deepEqual(after.tags, ["b", "c"]);
      assert.ok(after.at instanceof Date);
    });

    it("knows a date in an array again in a union and a removal", async () => {
      const path = `stock/${randomJobId()}`;
      await commit((tx) => tx.set(path, { days: [T0] }));
      await commit((tx) => tx.update(path, { days: FieldValue.arrayUnion(T0, { at: T0 }) }));
      assert.deepEqual(await read(path), { days: [T0, { at: T0 }] });
      await commit((tx) => tx.update(path, { days: FieldValue.arrayRemove(T0) }));
      assert.deepEqual(await read(path), { days: [{ at: T0 }] });
    });

    it("gives every value of Firestore's back as itself", async () => {
      const path = `values/${randomJobId()}`;
      const values = {
        point: new GeoPoint(1, 2),
        bytes: Buffer.from([1, 2]),
        nan: Number.NaN,
        at: T0,
        list: [null, true],
      };
      await commit((tx) =>
        tx.set(path, { ...values, vector: FieldValue.vector([1, 2]), stamp: Timestamp.fromDate(T0) }),
      );
      const { vector, ...rest } = (await read(path)) as { vector: { toArray(): number[] } };
      assert.deepEqual(rest, { ...values, stamp: T0 });
      assert.deepEqual(vector.toArray(), [1, 2]);
      await commit(async (tx) => {
        tx.set(`${path}-copy`, (await tx.get(path)) ?? {});
      });
      assert.deepEqual(await read(`${path}-copy`), await read(path));
    });

    it("takes the values of another copy of Firestore's client", async () => {
      const other = anotherFirestore();
      assert.notEqual(other.Timestamp, Timestamp);
      const path = `values/${randomJobId()}`;
      const client = new other.Firestore({ projectId: "demo-other", databaseId: "apart" });
      await commit((tx) =>
        tx.set(path, {
          at: other.Timestamp.fromDate(T0),
          list: [{ point: new other.GeoPoint(1, 2) }],
          vector: other.FieldValue.vector([1, 2]),
          ref: client.doc("orders/abc"),
          days: [T0],
          gone: 1,
        }),
      );
      await commit((tx) =>
        tx.update(path, {
          n: other.FieldValue.increment(2),
          days: other.FieldValue.arrayUnion(other.Timestamp.fromDate(T0), { point: new other.GeoPoint(3, 4) }),
          stamp: other.FieldValue.serverTimestamp(),
          gone: other.FieldValue.delete(),
        }),
      );
      const { vector, ref, stamp, ...rest } = await readAll(path);
      assert.ok(vector instanceof VectorValue && ref instanceof DocumentReference && stamp instanceof Date);
      assert.deepEqual(vector.toArray(), [1, 2]);
      assert.equal(ref.path, "orders/abc");
      assert.deepEqual(rest, {
        at: T0,
        list: [{ point: new GeoPoint(1, 2) }],
        days: [T0, { point: new GeoPoint(3, 4) }],
        n: 2,
      });
    });

    it("refuses a reference of another copy that does not know its project", async () => {
      const { Firestore } = anotherFirestore();
      const ref = Object.defineProperty(new Firestore({ projectId: "demo" }).doc("a/b"), "formattedName", {
        get() {
          throw new Error("The client is not ready.");
        },
      });
      await refused((tx) => tx.set("values/a", { ref }), "invalid-document", /at \/ref is a reference of a client/);
    });

    const wrong: [what: string, value: unknown, message: RegExp][] = [
      ["a nested array", { a: [[1]] }, /at \/f\/a\/0 is an array directly in an array/],
      ["half a character", "\ud800", /at \/f is a text with half a character/],
      ["an instance of a class", new URL("http://x.example"), /at \/f is an instance of URL/],
      ["a Map", new Map(), /at \/f is an instance of Map/],
      ["a function", () => 1, /at \/f is a function/],
      ["a BigInt", 1n, /at \/f is a BigInt/],
      ["undefined in an array", [undefined], /at \/f\/0 is undefined/],
      ["a sentinel in an array", [FieldValue.increment(1)], /at \/f\/0 is a FieldValue/],
      ["a sentinel in a map in an array", [{ n: FieldValue.increment(1) }], /at \/f\/0\/n is a FieldValue/],
      [
        "a union with a nested array",
        FieldValue.arrayUnion([1]),
        /arrayUnion whose element at \/0 is an array directly/,
      ],
      [
        "a union with half a character",
        FieldValue.arrayUnion(1, { a: "\ud800" }),
        /element at \/1\/a is a text with half/,
      ],
      ["a union with a class", FieldValue.arrayUnion(new URL("http://x.example")), /at \/0 is an instance of URL/],
      ["a union with a sentinel", FieldValue.arrayUnion(FieldValue.increment(1)), /at \/0 is a FieldValue/],
      ["a removal of a function", FieldValue.arrayRemove(() => 1), /arrayRemove whose element at \/0 is a function/],
      ["an increment by a text", FieldValue.increment("1" as never), /is a FieldValue\.increment of no number/],
      ["a removal in a set", FieldValue.delete(), /at \/f is FieldValue\.delete/],
      ["a name that is reserved", { __x__: 1 }, /at \/f\/__x__ has a name that Firestore keeps/],
      ["an empty name", { "": 1 }, /at \/f\/ has an empty name/],
      ["an invalid date", new Date(Number.NaN), /at \/f is a Date that Firestore cannot hold/],
      ["too many levels", JSON.parse(`${'{"a":'.repeat(30)}1${"}".repeat(30)}`), /nests deeper/],
      ["2 MiB", "x".repeat(2 * 1024 * 1024), /more than 1048576 bytes/],
    ];
    for (const [what, value, message] of wrong) {
      it(`refuses ${what} for good, and says where`, () =>
        refused((tx) => tx.set(`values/${randomJobId()}`, { f: value }), "invalid-document", message));
    }

    it("takes documents of nearly 3 MB together, with an output of 900 KB", async () => {
      const paths = [1, 2, 3].map(() => `values/${randomJobId()}`);
      await commit((tx) => {
        for (const path of paths) tx.set(path, { text: "x".repeat(990_000) });
        return "x".repeat(900_000);
      });
      assert.deepEqual(await read(paths[2] ?? ""), { text: "x".repeat(990_000) });
    });

    it("takes a document of 1 MiB as stored, and refuses one of a byte more for good", async () => {
      const path = `values/${randomJobId()}`;
      // Half a megabyte as JSON: Firestore stores each number in 8 bytes.
      const fields = {
        numbers: new Array(120_000).fill(7),
        point: new GeoPoint(1, 2),
        bytes: Buffer.alloc(3),
        at: T0,
        list: [null, true, "ä", { nan: Number.NaN }],
      };
      const text = "x".repeat(88_422);
      await commit((tx) => tx.set(path, { ...fields, text }));
      const message = /takes 1048577 bytes of Firestore, of 1048576 that a document may take/;
      await refused((tx) => tx.set(path, { ...fields, text: `${text}x` }), "invalid-document", message);
      assert.equal(Object(await read(path)).text, text);
    });

    it("refuses more than that at once, and for good", async () => {
      const numbers = Array.from({ length: 47_000 }, (_, n) => n + 0.5);
      for (const value of [
        "x".repeat(750_000),
        Buffer.alloc(750_000),
        numbers,
        { list: numbers.map((n) => ({ n })).slice(0, 20_000) },
        FieldValue.arrayUnion("x".repeat(750_000)),
      ]) {
        const write = (tx: DocumentTransaction) => [1, 2, 3, 4].map((n) => tx.set(`values/${n}`, { value }));
        await refused(write, "commit-too-large", /more than 3000000 bytes together, with values\/4/);
      }
    });

    it("refuses for good what is there, or is not there", async () => {
      const path = `values/${randomJobId()}`;
      await refused((tx) => tx.update(path, { a: 1 }), "document-not-found", /./);
      await commit((tx) => tx.create(path, { a: 1 }));
      await refused((tx) => tx.create(path, { a: 2 }), "document-exists", /./);
      await refused((tx) => tx.get("batonJobs/x"), "invalid-document-path", /Baton's own/);
      await refused((tx) => tx.set("values/__x__", {}), "invalid-document-path", /not a path that Firestore takes/);
    });

    it("gives the equal value, or one permanent error, for any value", async () => {
      const anything = fc.anything({ withBigInt: true, withMap: true, withDate: true, withSparseArray: true });
      await fc.assert(
        fc.asyncProperty(anything, async (value) => {
          const path = `values/${randomJobId()}`;
          try {
            await commit((tx) => tx.set(path, { f: value }));
          } catch (error) {
            assert.ok(isPermanent(error), String(error));
            return;
          }
          const kept = ((await read(path)) as { f?: unknown }).f;
          assert.deepEqual(JSON.stringify({ f: kept }, sorted), JSON.stringify({ f: value }, sorted));
        }),
        { numRuns: 100 },
      );
    });
  });
}

/** Firestore gives the fields of a map in an order of its own. */
function sorted(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

onBothStepStores(commitContract);
