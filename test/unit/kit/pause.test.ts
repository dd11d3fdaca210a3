import assert from "node:assert/strict";
import sinon from "sinon";
import { pause, pauseUntil } from "../../../engine/src/kit/pause.ts";
import type { Clock } from "../../../engine/src/kit/ports.ts";
import { fakeClock } from "../../../engine/src/testing/fake-clock.ts";

describe("pause", () => {
  it("ends after its time, and stops listening to its signal", async () => {
    const clock = fakeClock();
    const { signal } = new AbortController();
    const remove = sinon.spy(signal, "removeEventListener");
    await clock.runUntil(pause(clock, 1500, signal));
    assert.equal(clock.now().toISOString(), "2026-01-01T00:00:01.500Z");
    assert.equal(remove.callCount, 1);
  });

  it("rejects with the reason of its signal, and leaves no timer", async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const paused = pause(clock, 60_000, controller.signal);
    controller.abort(new Error("stop"));
    await assert.rejects(paused, /stop/);
    await assert.rejects(clock.runUntil(new Promise(() => undefined)), /no timer left/);
  });

  it("rejects at once when its signal has aborted", async () => {
    const clock = fakeClock();
    await assert.rejects(pause(clock, 60_000, AbortSignal.abort(new Error("stopped before"))), /stopped before/);
  });
});

describe("pauseUntil", () => {
  it("waits for the rest when a timer fires early", async () => {
    const fake = fakeClock();
    const early: Clock = { now: fake.now, after: (ms, then) => fake.after(Math.max(ms - 2, 1), then) };
    await fake.runUntil(pauseUntil(early, new Date("2026-01-01T00:00:05.000Z")));
    assert.equal(fake.now().toISOString(), "2026-01-01T00:00:05.000Z");
  });

  it("sets no timer for an instant that has passed", async () => {
    const after = sinon.fake.throws(new Error("no timer"));
    await pauseUntil({ now: () => new Date(1000), after }, new Date(1000));
    assert.equal(after.callCount, 0);
  });
});
