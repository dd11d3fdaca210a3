import assert from "node:assert/strict";
import { fakeClock } from "../../../engine/src/testing/fake-clock.ts";
import { inFlightLimit } from "../../../engine/src/webhooks/deliver/in-flight-limit.ts";

/** A destination with eight attempts in flight, all begun at once; `release` releases one. */
async function fullDestination() {
  const clock = fakeClock();
  const limit = inFlightLimit(clock);
  const permits = await Promise.all(Array.from({ length: 8 }, () => limit.acquire("a")));
  const wait = (key = "a") => {
    const seen: { answer?: string } = {};
    void limit.acquire(key).then((release) => {
      seen.answer = release ? "permitted" : "refused";
    });
    return seen;
  };
  return { clock, release: () => permits.pop()?.(), wait };
}

describe("the in-flight limit of one destination", () => {
  it("permit the ninth as soon as one is released, in their order", async () => {
    const { clock, release, wait } = await fullDestination();
    const [ninth, tenth] = [wait(), wait()];
    await clock.advance(100);
    release();
    await clock.advance(0);
    assert.deepEqual([ninth.answer, tenth.answer], ["permitted", undefined]);
  });

  it("refuse the ninth after 2 s", async () => {
    const { clock, wait } = await fullDestination();
    const ninth = wait();
    await clock.advance(1999);
    assert.equal(ninth.answer, undefined);
    await clock.advance(1);
    assert.equal(ninth.answer, "refused");
  });

  it("refuse it at once while the oldest is slow", async () => {
    const { clock, wait } = await fullDestination();
    await clock.advance(2001);
    const ninth = wait();
    await clock.advance(0);
    assert.equal(ninth.answer, "refused");
  });

  it("count released ones no more, and none twice", async () => {
    const { clock, release, wait } = await fullDestination();
    for (let i = 0; i < 8; i++) release();
    const next = Array.from({ length: 9 }, () => wait());
    await clock.advance(0);
    assert.equal(next.filter(({ answer }) => answer === "permitted").length, 8);
  });

  it("do not count at another destination", async () => {
    const { clock, wait } = await fullDestination();
    const other = wait("b");
    await clock.advance(0);
    assert.equal(other.answer, "permitted");
  });
});
