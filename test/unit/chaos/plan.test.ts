import assert from "node:assert/strict";
import { ownersOf, plan } from "../../chaos/plan.ts";

const KEY = /^s42-\d+$/;

describe("the plan of a chaos run", () => {
  it("is the same for the same seed, whatever comes after", () => {
    assert.deepEqual(plan(42, 300), plan(42, 300));
    assert.deepEqual(plan(42, 300).slice(0, 100), plan(42, 100));
  });

  it("is another one for another seed", () => {
    const kinds = (seed: number) => plan(seed, 50).map(({ kind }) => kind);
    assert.notDeepEqual(kinds(42), kinds(43));
  });

  it("names every submission once", () => {
    const keys = plan(42, 1000).map(({ key }) => key);
    assert.equal(new Set(keys).size, 1000);
    assert.ok(keys.every((key) => KEY.test(key)));
  });

  it("has about as many of each kind as it declares", () => {
    const counts = Map.groupBy(plan(42, 10_000), ({ kind }) => kind);
    const declared = {
      short: 2000,
      stepped: 1000,
      contested: 1000,
      parallel: 200,
      failing: 1200,
      sleeping: 800,
      ordered: 1200,
      cancelled: 600,
      waiting: 800,
      cached: 1000,
      crashing: 200,
    };
    for (const [kind, count] of Object.entries(declared)) {
      const got = [...counts].find(([name]) => name === kind)?.[1].length ?? 0;
      assert.ok(Math.abs(got - count) < 150, `${got} of ${kind}`);
    }
    assert.equal(counts.size, 11);
  });

  it("wants a webhook for about three of ten, and cancels exactly those that run or wait until they are cancelled", () => {
    const planned = plan(42, 10_000);
    const withWebhook = planned.filter(({ hasWebhook }) => hasWebhook).length;
    assert.ok(withWebhook > 2800 && withWebhook < 3200, `${withWebhook}`);
    for (const { kind, cancelAfterMs } of planned) {
      assert.equal(cancelAfterMs !== undefined, kind === "cancelled" || kind === "waiting");
    }
  });

  it("delays about a tenth of the short and of the waiting jobs, and nothing else", () => {
    const delayed = plan(42, 10_000).filter(({ delayMs }) => delayMs !== undefined);
    assert.ok(delayed.length > 250 && delayed.length < 450, `${delayed.length}`);
    for (const { kind, delayMs = 0 } of delayed) {
      assert.ok(kind === "short" || kind === "waiting");
      assert.ok(delayMs >= 500 && delayMs < 4500, `${delayMs}`);
    }
  });

  it("numbers the jobs of each ordering key from 1 without a gap", () => {
    const ordered = plan(42, 3000).filter(({ kind }) => kind === "ordered");
    const lanes = Map.groupBy(ordered, ({ owner, orderingKey }) => `${owner}/${orderingKey}`);
    assert.equal(lanes.size, 16);
    for (const members of lanes.values()) {
      assert.deepEqual(
        members.map(({ input }) => input.seq),
        members.map((_, index) => index + 1),
      );
      assert.equal(new Set(members.map(({ input }) => input.key)).size, 1);
    }
    assert.equal(new Set(ordered.map(({ input }) => input.key)).size, 16);
  });

  it("makes a fourth of the cached jobs fail, and equal ones alike", () => {
    const cached = plan(42, 10_000).filter(({ kind }) => kind === "cached");
    for (const { input } of cached) assert.equal(input.isPermanent, [3, 7, 11].includes(Number(input.n)));
    const failing = cached.filter(({ input }) => input.isPermanent).length / cached.length;
    assert.ok(failing > 0.2 && failing < 0.3, `${failing}`);
  });

  it("gives no ordering key to a job that is not to be ordered", () => {
    for (const { kind, orderingKey } of plan(42, 1000)) assert.equal(orderingKey !== undefined, kind === "ordered");
  });

  it("submits for every owner of the run, and for no other", () => {
    const owners = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => `chaos-42-${number}`);
    assert.deepEqual([...new Set(plan(42, 1000).map(({ owner }) => owner))].sort(), owners);
    assert.deepEqual([...ownersOf(42).keys()], owners);
  });

  it("makes one owner's tier narrow", () => {
    const narrow = [...ownersOf(42)].filter(([, tier]) => tier === "narrow");
    assert.deepEqual(narrow, [["chaos-42-7", "narrow"]]);
  });
});
