import assert from "node:assert/strict";
import { fakeClock } from "../../../engine/src/testing/fake-clock.ts";
import { staggeredResume } from "../../../engine/src/webhooks/deliver/staggered-resume.ts";

const NOON = new Date("2026-01-01T12:00:00.000Z");
const inSeconds = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);

describe("the staggered resume of deliveries to a paused endpoint", () => {
  const setup = () => {
    const clock = fakeClock(NOON);
    const { resumeAtAfter } = staggeredResume(clock);
    const take = (count: number, until: Date, endpointId = "a") =>
      Array.from({ length: count }, () => resumeAtAfter(endpointId, until)).at(-1);
    return { clock, take };
  };

  it("resumes ten at the end of the pause, and ten more every 10 s of the clock", () => {
    const { take } = setup();
    assert.deepEqual(
      [take(10, inSeconds(33)), take(1, inSeconds(33)), take(10, inSeconds(33))],
      [inSeconds(33), inSeconds(40), inSeconds(50)],
    );
  });

  it("keeps endpoints apart", () => {
    const { take } = setup();
    take(10, inSeconds(30));
    assert.deepEqual(take(1, inSeconds(20), "b"), inSeconds(20));
  });

  it("continues behind the waiting ones, and starts again with a pause that ends after them", () => {
    const { take } = setup();
    take(25, inSeconds(30));
    assert.deepEqual([take(1, inSeconds(35)), take(1, inSeconds(51))], [inSeconds(50), inSeconds(51)]);
  });

  it("answers no instant in the past", async () => {
    const { clock, take } = setup();
    await clock.advance(60_000);
    assert.deepEqual(take(1, inSeconds(30)), inSeconds(60));
  });

  it("begins at the end of the pause again when an hour is full", () => {
    const { take } = setup();
    assert.deepEqual(
      [take(3610, inSeconds(0)), take(1, inSeconds(0)), take(1, inSeconds(0))],
      [inSeconds(3600), inSeconds(3610), inSeconds(0)],
    );
  });

  it("forgets the least recently used endpoint, of more than a thousand", () => {
    const { take } = setup();
    for (const endpointId of ["a", "b"]) take(11, inSeconds(30), endpointId);
    take(1, inSeconds(30), "a");
    for (let n = 0; n < 999; n++) take(1, inSeconds(30), `other-${n}`);
    assert.deepEqual([take(1, inSeconds(30), "a"), take(1, inSeconds(30), "b")], [inSeconds(40), inSeconds(30)]);
  });
});
