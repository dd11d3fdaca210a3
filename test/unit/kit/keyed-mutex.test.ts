import assert from "node:assert/strict";
import { keyedMutex } from "../../../engine/src/kit/keyed-mutex.ts";

/** Work that notes when it begins, and ends when it is told how. */
function noting() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const work = (name: string) => () => {
    begun.push(name);
    const end = Promise.withResolvers<string>();
    ends.set(name, end);
    return end.promise;
  };
  return { begun, work, end: (name: string) => ends.get(name) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("keyedMutex", () => {
  it("does the work of one key one after the other, and that of another beside it", async () => {
    const { begun, work, end } = noting();
    const turn = keyedMutex();
    const done = [turn("a", work("a1")), turn("a", work("a2")), turn("b", work("b1"))];
    await settled();
    assert.deepEqual(begun, ["a1", "b1"]);
    end("a1")?.resolve("one");
    assert.equal(await done[0], "one");
    await settled();
    assert.deepEqual(begun, ["a1", "b1", "a2"]);
    end("a2")?.resolve("two");
    end("b1")?.resolve("three");
    assert.deepEqual(await Promise.all(done), ["one", "two", "three"]);
  });

  it("runs the next work after a failed one, and rejects only the caller of the failed one", async () => {
    const turn = keyedMutex();
    const failing = turn("a", async () => {
      throw new Error("not today");
    });
    const next = turn("a", async () => 7);
    await assert.rejects(failing, { message: "not today" });
    assert.equal(await next, 7);
    assert.equal(await turn("a", async () => 8), 8);
  });
});
