import assert from "node:assert/strict";
import { sideBySide } from "../../../engine/src/kit/side-by-side.ts";

describe("sideBySide", () => {
  it("begins the next work when one ends, in the order of asking, also when it fails", async () => {
    const bounded = sideBySide(2);
    const begun: number[] = [];
    const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<string>());
    const works = ends.map(({ promise }, index) =>
      bounded(() => {
        begun.push(index);
        return promise;
      }),
    );
    const answers = Promise.allSettled(works);
    assert.deepEqual(begun, [0, 1]);
    ends[1]?.reject(new Error("one"));
    await assert.rejects(works[1] ?? Promise.resolve(), /one/);
    await new Promise(setImmediate);
    assert.deepEqual(begun, [0, 1, 2]);
    for (const { resolve } of ends) resolve("done");
    assert.deepEqual(
      (await answers).map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled", "fulfilled"],
    );
    assert.deepEqual(begun, [0, 1, 2, 3]);
    assert.equal(await bounded(async () => "again"), "again");
  });
});
