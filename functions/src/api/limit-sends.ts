import type { Principal } from "../core/ports.ts";
import { limitsOf } from "../core/tiers.ts";
import { sendPaceKey } from "../core/webhooks/send-pace.ts";
import type { ApiPorts } from "./api-ports.ts";
import { type Refusal, reach } from "./problems.ts";

/** As much of the limit as may be used at once: what it allows in ten seconds. Somebody's clicks are within it, a program's loop is not. */
const BURST_MS = 10_000;

/**
 * Counts one wish of the caller to have something sent, so that nobody makes the deployment call a URL as fast as the API
 * answers. Over all instances, the tier's `sendsPerMinute` are granted, evenly, but for a burst. Answers why a wish is
 * refused; such a one is not counted, so that asking too often keeps nobody waiting longer.
 */
export async function limitSends(
  { pace, tiers, clock }: Pick<ApiPorts, "pace" | "tiers" | "clock">,
  { uid, tier }: Principal,
): Promise<Refusal | undefined> {
  const { sendsPerMinute } = limitsOf(tiers, tier);
  const now = clock.now();
  const moment = await reach("the pace", pace.reserve(sendPaceKey(uid), sendsPerMinute / 60, now, BURST_MS));
  const waitMs = moment.getTime() - now.getTime() - BURST_MS;
  return waitMs > 0 ? tooOften(sendsPerMinute, Math.ceil(waitMs / 1000)) : undefined;
}

function tooOften(sendsPerMinute: number, waitSeconds: number): Refusal {
  const detail =
    `You may have ${sendsPerMinute} webhooks sent a minute by test events, resends and recoveries, and you asked for more. ` +
    `Ask again in ${waitSeconds} s.`;
  return { code: "quota-exceeded", detail, headers: { "retry-after": String(waitSeconds) } };
}
