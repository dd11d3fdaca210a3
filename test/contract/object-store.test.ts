import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import type { ObjectStore } from "../../engine/src/files/ports.ts";
import { cloudStorage } from "../../engine/src/files/storage/cloud-storage.ts";
import { memoryObjectStore } from "../../engine/src/testing/memory-object-store.ts";
import { testCloud } from "../support/cloud.ts";

const MIB = 1024 * 1024;
const TEXT = { contentType: "text/plain", signal: new AbortController().signal };

async function* pieces(bytes: Uint8Array, size = 100_000) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** A name no other test has, as awkward as one may be. */
const aName = () => `batonFiles/tenant:T:a@b%2Fc/${randomUUID()}/f/a-1_b.txt`;

async function readAll(store: ObjectStore, object: string): Promise<Buffer | undefined> {
  const stream = await store.open(object);
  if (!stream) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function contract(name: string, open: () => ObjectStore): void {
  describe(`${name} as an object store`, () => {
    let store: ObjectStore;
    before(() => {
      store = open();
    });

    for (const [what, size] of [
      ["no byte", 0],
      ["a few bytes", 5],
      ["as many bytes as a chunk", 8 * MIB],
      ["a byte more than a chunk", 8 * MIB + 1],
      ["many bytes", 20 * MIB + 7],
    ] as const) {
      it(`gives back ${what}`, async () => {
        const [object, bytes] = [aName(), randomBytes(size)];
        await store.upload(object, pieces(bytes), TEXT);
        assert.equal(await store.sizeOf(object), size);
        assert.equal((await readAll(store, object))?.equals(bytes), true);
      });
    }

    it("knows no object that was not stored, or was deleted", async () => {
      const object = aName();
      assert.deepEqual([await store.sizeOf(object), await store.open(object)], [undefined, undefined]);
      await store.upload(object, pieces(Buffer.from("x")), TEXT);
      await store.delete(object);
      await store.delete(object);
      assert.deepEqual([await store.sizeOf(object), await store.open(object)], [undefined, undefined]);
    });

    for (const size of [5, 9 * MIB]) {
      it(`refuses a second object of a name, of ${size} other bytes, and leaves the first`, async () => {
        const [object, bytes] = [aName(), randomBytes(size)];
        await store.upload(object, pieces(bytes), TEXT);
        await assert.rejects(store.upload(object, pieces(randomBytes(size)), TEXT));
        assert.equal((await readAll(store, object))?.equals(bytes), true);
      });

      it(`stores nothing when the data breaks off after ${size} bytes, and rejects with its error`, async () => {
        const object = aName();
        const broken = new Error("no more");
        async function* data() {
          yield* pieces(randomBytes(size));
          throw broken;
        }
        await assert.rejects(store.upload(object, data(), TEXT), broken);
        assert.equal(await store.sizeOf(object), undefined);
      });

      it(`stores nothing when it is aborted after ${size} bytes`, async () => {
        const object = aName();
        const abort = new AbortController();
        async function* data() {
          yield* pieces(randomBytes(size));
          abort.abort(new Error("cancelled"));
          yield Buffer.from("x");
        }
        await assert.rejects(store.upload(object, data(), { ...TEXT, signal: abort.signal }));
        assert.equal(await store.sizeOf(object), undefined);
      });
    }
  });
}

contract("memory", memoryObjectStore);
contract("Cloud Storage", () =>
  cloudStorage({ projectId: testCloud().projectId, bucket: "a-bucket", emulator: testCloud().storageUrl }),
);
