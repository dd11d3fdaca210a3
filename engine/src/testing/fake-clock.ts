import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../kit/ports.ts";

/** A clock whose time passes only when it is told to. */
export interface FakeClock extends Clock {
  /** Lets `ms` milliseconds pass: what is due happens in its order, each after all that came of the one before. */
  advance(ms: number): Promise<void>;
  /**
   * Lets time pass, from one timer to the next, until `promise` settles, and answers as it does. Rejects when nothing is
   * left that it could wait for. What really takes time (a request, a file) does not make the clock wait.
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

/** A clock that stands at `start`. Before time goes on it awaits `rest`, in which what was set off comes to its end, or to a timer. */
export function fakeClock(start = new Date("2026-01-01T00:00:00.000Z"), rest = flushMicrotasks): FakeClock {
  let nowMs = start.getTime();
  const timers = new Set<Timer>();

  const nextTimer = () =>
    [...timers].reduce<Timer | undefined>((first, timer) => (first && first.at <= timer.at ? first : timer), undefined);
  const fire = async (timer: Timer) => {
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.at);
    timer.then();
    await rest();
  };
  const clock: Clock = {
    now: () => new Date(nowMs),
    after(ms, then) {
      const timer = { at: nowMs + Math.max(ms, 0), then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };

  return {
    ...clock,
    async advance(ms) {
      const endMs = nowMs + ms;
      await rest();
      for (let timer = nextTimer(); timer && timer.at <= endMs; timer = nextTimer()) await fire(timer);
      nowMs = endMs;
    },
    async runUntil(promise) {
      let isSettled = false;
      const settled = () => {
        isSettled = true;
      };
      promise.then(settled, settled);
      await rest();
      while (!isSettled) {
        const timer = nextTimer();
        if (!timer) throw new Error("the fake clock has no timer left, and what was waited for has not happened");
        await fire(timer);
      }
      return promise;
    },
    pause: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = clock.after(ms, () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        });
        const abort = () => {
          stop();
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", abort, { once: true });
      }),
  };
}

/** Lets promises, and what they set off, come to rest. */
export async function flushMicrotasks(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await turn();
}
