import assert from "node:assert/strict";
import { fakeClock } from "../../../engine/src/testing/fake-clock.ts";
import { inFlightLimit } from "../../../engine/src/webhooks/deliver/in-flight-limit.ts";

/** A room with eight attempts in it, all begun at once; `leave` ends one. */
async function fullRoom() {
  const clock = fakeClock();
  const flights = inFlightLimit(clock);
  const ways = await Promise.all(Array.from({ length: 8 }, () => flights.acquire("a")));
  const wait = (key = "a") => {
    const seen: { answer?: string } = {};
    void flights.acquire(key).then((leave) => {
      seen.answer = leave ? "entered" : "refused";
    });
    return seen;
  };
  return { clock, leave: () => ways.pop()?.(), wait };
}

describe("the attempts of a process at one endpoint", () => {
  it("let the ninth in as soon as one has ended, in the order they came", async () => {
    const { clock, leave, wait } = await fullRoom();
    const [ninth, tenth] = [wait(), wait()];
    await clock.advance(100);
    leave();
    await clock.advance(0);
    assert.deepEqual([ninth.answer, tenth.answer], ["entered", undefined]);
  });

  it("refuse the ninth after 2 s", async () => {
    const { clock, wait } = await fullRoom();
    const ninth = wait();
    await clock.advance(1999);
    assert.equal(ninth.answer, undefined);
    await clock.advance(1);
    assert.equal(ninth.answer, "refused");
  });

  it("refuse it at once while the oldest is slow", async () => {
    const { clock, wait } = await fullRoom();
    await clock.advance(2001);
    const ninth = wait();
    await clock.advance(0);
    assert.equal(ninth.answer, "refused");
  });

  it("count those that have left no more, and none twice", async () => {
    const { clock, leave, wait } = await fullRoom();
    for (let i = 0; i < 8; i++) leave();
    const next = Array.from({ length: 9 }, () => wait());
    await clock.advance(0);
    assert.equal(next.filter(({ answer }) => answer === "entered").length, 8);
  });

  it("do not count elsewhere", async () => {
    const { clock, wait } = await fullRoom();
    const other = wait("b");
    await clock.advance(0);
    assert.equal(other.answer, "entered");
  });
});
