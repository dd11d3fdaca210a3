import assert from "node:assert/strict";
import { tokenBuckets } from "../../../engine/src/http/token-buckets.ts";

const at = (ms: number) => new Date(1_700_000_000_000 + ms);

describe("token buckets", () => {
  it("give a minute's tokens at once, then one at a time, and say when", () => {
    const buckets = tokenBuckets(10);
    const take = (ms: number) => buckets.take("ann", 6, at(ms));
    assert.deepEqual([0, 0, 0, 0, 0, 0].map(take), [0, 0, 0, 0, 0, 0]);
    assert.deepEqual([take(0), take(4000), take(9999)], [10_000, 6000, 1]);
    assert.deepEqual([take(10_000), take(10_000)], [0, 10_000]);
    assert.equal(buckets.take("bob", 6, at(0)), 0);
  });

  it("hold no more than a minute's tokens, however long no request came", () => {
    const buckets = tokenBuckets(10);
    buckets.take("ann", 2, at(0));
    const answers = [1, 2, 3].map(() => buckets.take("ann", 2, at(86_400_000)));
    assert.deepEqual(answers, [0, 0, 30_000]);
  });

  it("neither give nor take when the clock goes back", () => {
    const buckets = tokenBuckets(10);
    buckets.take("ann", 1, at(60_000));
    assert.equal(buckets.take("ann", 1, at(0)), 60_000);
    assert.equal(buckets.take("ann", 1, at(60_000)), 60_000);
    assert.equal(buckets.take("ann", 1, at(120_000)), 0);
  });

  it("take a token back", () => {
    const buckets = tokenBuckets(10);
    buckets.take("ann", 1, at(0));
    buckets.giveBack("ann");
    buckets.giveBack("unknown");
    assert.deepEqual([buckets.take("ann", 1, at(0)), buckets.take("ann", 1, at(0))], [0, 60_000]);
  });

  it("remember the keys that were used last, and no more than so many", () => {
    const buckets = tokenBuckets(2);
    for (const key of ["ann", "bob", "bob", "ann", "cleo"]) buckets.take(key, 2, at(0));
    assert.deepEqual([buckets.take("ann", 2, at(0)), buckets.take("bob", 2, at(0))], [30_000, 0]);
  });
});
