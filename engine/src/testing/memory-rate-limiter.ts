import type { RateLimiter } from "../kit/rate-limiter.ts";

/** The rate limiter in memory; held to the contract of `test/contract/rate-limiter.test.ts`. */
export function memoryRateLimiter(): RateLimiter {
  const free = new Map<string, number>();
  return {
    async reserve(key, perSecond, now, withinMs = Number.POSITIVE_INFINITY) {
      const exactMs = Math.max(free.get(key) ?? 0, now.getTime());
      const slotAt = new Date(Math.ceil(exactMs));
      if (slotAt.getTime() - now.getTime() <= withinMs) free.set(key, exactMs + 1000 / perSecond);
      return slotAt;
    },
  };
}
