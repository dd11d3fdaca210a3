import assert from "node:assert/strict";
import { recent } from "../../../engine/src/kit/recent.ts";

describe("recent", () => {
  it("remembers a value until it is deleted", () => {
    const one = recent<number>(2);
    one.set("a", 1);
    assert.equal(one.get("a"), 1);
    one.delete("a");
    assert.equal(one.get("a"), undefined);
  });

  it("forgets the key that was set longest ago, of more than the maximum", () => {
    const two = recent<number>(2);
    for (const [index, key] of ["a", "b", "c"].entries()) two.set(key, index);
    assert.deepEqual([two.get("a"), two.get("b"), two.get("c")], [undefined, 1, 2]);
  });

  it("makes a key the newest when it is set again, not when it is read", () => {
    const two = recent<number>(2);
    two.set("a", 1);
    two.set("b", 2);
    two.set("a", 3);
    two.get("b");
    two.set("c", 4);
    assert.deepEqual([two.get("a"), two.get("b"), two.get("c")], [3, undefined, 4]);
  });

  it("has room for a new key once another was deleted", () => {
    const two = recent<number>(2);
    two.set("a", 1);
    two.set("b", 2);
    two.delete("b");
    two.set("c", 3);
    assert.deepEqual([two.get("a"), two.get("c")], [1, 3]);
  });
});
