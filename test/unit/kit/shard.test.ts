import assert from "node:assert/strict";
import { shardOf } from "../../../engine/src/kit/shard.ts";
import { randomJobId } from "../../support/jobs.ts";

describe("shardOf", () => {
  it("gives an id the shard it always had", () => {
    assert.deepEqual([shardOf(""), shardOf("a"), shardOf("foobar")], [5, 12, 8]);
  });

  it("spreads ids over all 16 shards", () => {
    const shards = Array.from({ length: 3200 }, () => shardOf(randomJobId()));
    const counts = Array.from({ length: 16 }, (_, shard) => shards.filter((one) => one === shard).length);
    assert.equal(
      counts.reduce((a, b) => a + b),
      3200,
    );
    // 200 each on average; 100 is seven standard deviations away.
    assert.ok(Math.min(...counts) > 100, `${counts}`);
  });
});
