import { setImmediate as turn } from "node:timers/promises";
import { pause } from "../kit/pause.ts";
import type { Clock } from "../kit/ports.ts";

/** A clock whose time passes only when it is told to. */
export interface FakeClock extends Clock {
  /** Lets `ms` milliseconds pass: timers fire in their order, each after the effects of the one before. */
  advance(ms: number): Promise<void>;
  /**
   * Lets time pass, from one timer to the next, until `promise` settles, and settles as it does. Rejects when no timer
   * is left. The clock does not wait for real work (a request, a file).
   */
  runUntil<T>(promise: Promise<T>): Promise<T>;
  /** A pause of this clock's time; rejects with the signal's reason when it aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

interface Timer {
  at: number;
  then: () => void;
}

/** Turns of the event loop in which promises, and what they set off, come to rest. */
const TURNS = 5;

/**
 * A clock that starts at `start`. It awaits `rest` before each timer, so that what was set off ends, or sets a timer.
 */
export function fakeClock(start = new Date("2026-01-01T00:00:00.000Z"), rest = flushMicrotasks): FakeClock {
  const { clock, next, fire, setNow } = virtualTimers(start.getTime());

  async function advance(ms: number): Promise<void> {
    const endMs = clock.now().getTime() + ms;
    await rest();
    for (let timer = next(); timer && timer.at <= endMs; timer = next()) {
      fire(timer);
      await rest();
    }
    setNow(endMs);
  }

  async function runUntil<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    await rest();
    while (!isSettled) {
      const timer = next();
      if (!timer) throw new Error("the fake clock has no timer left, and what was waited for has not happened");
      fire(timer);
      await rest();
    }
    return promise;
  }

  return { ...clock, advance, runUntil, pause: (ms, signal) => pause(clock, ms, signal) };
}

/** Timers of a time that passes only when a timer fires, or `setNow` sets it. */
function virtualTimers(startMs: number) {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const clock: Clock = {
    now: () => new Date(nowMs),
    after(ms, then) {
      const timer = { at: nowMs + Math.max(ms, 0), then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  return {
    clock,
    /** The timer that fires next: of those at the same instant, the one set first. */
    next: () =>
      [...timers].reduce<Timer | undefined>(
        (first, timer) => (first && first.at <= timer.at ? first : timer),
        undefined,
      ),
    fire(timer: Timer): void {
      timers.delete(timer);
      nowMs = Math.max(nowMs, timer.at);
      timer.then();
    },
    setNow(ms: number): void {
      nowMs = ms;
    },
  };
}

/** Lets promises, and what they set off, come to rest. */
export async function flushMicrotasks(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await turn();
}
