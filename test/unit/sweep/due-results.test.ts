import assert from "node:assert/strict";
import type { DeliveryMessage } from "@baton/protocol";
import sinon from "sinon";
import { nextResultRecheckAt } from "../../../engine/src/jobs/rules/recheck.ts";
import { deliverDueResults } from "../../../engine/src/webhooks/sweep/due-results.ts";
import { aSweep, inMs, NOW } from "./a-sweep.ts";

/** A store with these pages of due results. */
function pagesOf(...pages: string[][]) {
  return { takeDue: sinon.fake(async (_now: Date, _limit: number) => pages.shift() ?? []) };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `job-${index}`);

describe("deliverDueResults", () => {
  it("asks for the delivery of every due result, page by page", async () => {
    const { ports } = aSweep();
    const results = pagesOf(ids(100), ["last"]);
    assert.equal(await deliverDueResults({ ...ports, results }, NOW, inMs(55_000)), 101);
    assert.equal(ports.publisher.publishDelivery.callCount, 101);
    assert.deepEqual(ports.publisher.publishDelivery.lastCall.args, [{ jobId: "last" }]);
  });

  it("continues past a message that Pub/Sub did not take", async () => {
    const { ports } = aSweep();
    const publishDelivery = sinon.fake((message: DeliveryMessage) =>
      "jobId" in message && message.jobId === "job-0" ? Promise.reject(new Error("no Pub/Sub")) : Promise.resolve(),
    );
    await deliverDueResults({ ...ports, results: pagesOf(ids(3)), publisher: { publishDelivery } }, NOW, inMs(1));
    assert.deepEqual([publishDelivery.callCount, ports.log.error.callCount], [3, 1]);
  });

  it("begins no page when its time is over", async () => {
    const { ports, clock } = aSweep();
    await clock.advance(1);
    assert.equal(await deliverDueResults({ ...ports, results: pagesOf(ids(100), ids(100)) }, NOW, inMs(1)), 100);
  });
});

describe("the looks at a result", () => {
  const MINUTE = 60_000;
  for (const [waited, next] of [
    [1, 2],
    [2, 4],
    [32, 64],
    [64, 124],
    [23 * 60, 24 * 60],
    [167 * 60, 168 * 60],
  ] as const) {
    it(`are at ${next} minutes after the end when the one at ${waited} is done`, () => {
      assert.deepEqual(nextResultRecheckAt(NOW, inMs(waited * MINUTE)), inMs(next * MINUTE));
    });
  }

  it("are a minute apart at first", () => assert.deepEqual(nextResultRecheckAt(NOW, inMs(10)), inMs(60_010)));
  it("end a week after the end", () => assert.equal(nextResultRecheckAt(NOW, inMs(168 * 60 * MINUTE)), undefined));
});
