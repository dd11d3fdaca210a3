import type { Context } from "hono";
import type { Principal } from "../accounts/principal.ts";
import { limitsOf, type Tiers } from "../accounts/tiers.ts";
import type { Clock } from "../kit/ports.ts";
import { RefusedError } from "../kit/refusal.ts";
import type { ApiEnv } from "./api-env.ts";
import { clientNetwork } from "./client-address.ts";
import { tokenBuckets } from "./token-buckets.ts";

/** Callers, and networks, whose requests are counted at the same time. */
const MAX_KEYS = 10_000;

/**
 * Limits how often each caller may ask one instance of the API. Each method throws a `RefusedError` when it is too
 * often.
 */
export interface RequestLimits {
  /** Counts a request of a verified caller; one by an anonymous user also counts for its network. */
  ofCaller(c: Context<ApiEnv>, caller: Principal): void;
  /** Counts a request that comes without a caller. */
  ofNetwork(c: Context<ApiEnv>): void;
  /** Takes the count of a caller's request back: a submission that was accepted counts as a job. */
  giveBack(caller: Principal): void;
}

/** Counts in memory: it costs no read, and a caller that meets several instances may ask each of them as often. */
export function requestLimits({
  tiers,
  perNetwork,
  clock,
}: {
  tiers: Tiers;
  perNetwork: NetworkLimits;
  clock: Clock;
}): RequestLimits {
  const [callers, networks] = [tokenBuckets(MAX_KEYS), tokenBuckets(MAX_KEYS)];

  function ofNetwork(c: Context<ApiEnv>): void {
    const { requestsPerMinute, trustedProxies } = perNetwork;
    const network = clientNetwork(c.req.header("x-forwarded-for"), c.env?.remoteAddress, trustedProxies);
    const waitMs = networks.take(network, requestsPerMinute, clock.now());
    if (waitMs > 0)
      throw tooMany(`${requestsPerMinute} requests a minute without a user are allowed to your network`, waitMs);
  }

  return {
    ofNetwork,
    ofCaller(c, caller) {
      const { requestsPerMinute } = limitsOf(tiers, caller.tier);
      const waitMs = callers.take(caller.uid, requestsPerMinute, clock.now());
      if (waitMs > 0) throw tooMany(`${requestsPerMinute} requests a minute are allowed to you`, waitMs);
      if (caller.isAnonymous) ofNetwork(c);
    },
    giveBack: ({ uid }) => callers.giveBack(uid),
  };
}

function tooMany(allowed: string, waitMs: number): RefusedError {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  const detail = `Only ${allowed}. Send the next one in ${retryAfterSeconds} s.`;
  return new RefusedError({ code: "too-many-requests", detail, retryAfterSeconds });
}

/** Limits of the API by the caller's network. */
export interface NetworkLimits {
  /**
   * Requests without a user, or by anonymous ones, that one network may send an instance in a minute; see
   * `clientNetwork`.
   */
  requestsPerMinute: number;
  /** Proxies of the deployment between its clients and Google's front end. */
  trustedProxies: number;
}
