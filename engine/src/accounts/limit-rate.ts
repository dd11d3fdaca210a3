import { rateLimitKeyOf } from "../kit/derived-ids.ts";
import type { Clock } from "../kit/ports.ts";
import type { RateLimiter } from "../kit/rate-limiter.ts";
import { RefusedError } from "../kit/refusal.ts";
import type { Principal } from "./principal.ts";
import { type Limits, limitsOf, type Tiers } from "./tiers.ts";

/** The rates by kind of request. `burstMs`: the requests that the limit allows in this time may come at once. */
const RATES = {
  sends: {
    limit: "sendsPerMinute",
    windowMs: 60_000,
    // Enough for the clicks of a person, too little for the loop of a program.
    burstMs: 10_000,
    allowed: (limit: number) =>
      `You may have ${limit} webhooks sent a minute by test events, resends and recoveries, and you asked for more.`,
  },
  changes: {
    limit: "changesPerMinute",
    windowMs: 60_000,
    burstMs: 10_000,
    allowed: (limit: number) =>
      `You may change your endpoints and secrets ${limit} times a minute, and you asked for more.`,
  },
  erasures: {
    limit: "erasuresPerHour",
    windowMs: 3_600_000,
    burstMs: 3_600_000,
    allowed: (limit: number) => `You may ask for ${limit} erasures an hour, and you asked for more.`,
  },
} as const satisfies Record<string, Rate>;

interface Rate {
  limit: keyof Limits;
  windowMs: number;
  burstMs: number;
  allowed: (limit: number) => string;
}

/**
 * Counts one request of this kind by the caller, across all instances of the API. The limit of the tier is granted
 * evenly, apart from a burst. Throws a `RefusedError` with the time to ask again. A refused request is not counted, so
 * asking too often makes no wait longer.
 */
export async function limitRate(
  { rateLimiter, tiers, clock }: { rateLimiter: RateLimiter; tiers: Tiers; clock: Clock },
  { uid, tier }: Principal,
  kind: keyof typeof RATES,
): Promise<void> {
  const { limit: name, windowMs, burstMs, allowed } = RATES[kind];
  const limit = limitsOf(tiers, tier)[name];
  const now = clock.now();
  const perSecond = (limit * 1000) / windowMs;
  const slotAt = await rateLimiter.reserve(rateLimitKeyOf(kind, uid), perSecond, now, burstMs);
  const waitMs = slotAt.getTime() - now.getTime() - burstMs;
  if (waitMs <= 0) return;
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  const detail = `${allowed(limit)} Ask again in ${retryAfterSeconds} s.`;
  throw new RefusedError({ code: "quota-exceeded", detail, retryAfterSeconds });
}
