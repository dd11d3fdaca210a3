import { createHash } from "node:crypto";

/** Gives the next number of a sequence: at least 0, below 1. */
export type Random = () => number;

/**
 * The sequence of numbers that `seed` has for `purpose`: always the same one, and independent of what other purposes
 * draw, so that the decisions about one function's events do not hang on how fast another function's events arrive.
 */
export function randomStream(seed: number, purpose: string): Random {
  return mulberry32(createHash("sha256").update(`${seed}/${purpose}`).digest().readUInt32LE());
}

/**
 * Tommy Ettinger's generator, in the public domain:
 * https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
