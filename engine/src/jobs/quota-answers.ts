import type { Refusal } from "../http/problems.ts";
import type { Quotas } from "./rules/usage.ts";

/** The windows of the quotas, in seconds. */
const WINDOW_SECONDS = { minute: 60, day: 86_400 };
type Window = keyof typeof WINDOW_SECONDS;

/** Where a caller stands, as headers: draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4. */
export function rateLimitHeaders(quotas: Quotas): Record<string, string> {
  const each = (item: (name: Window) => string) => [item("minute"), item("day")].join(", ");
  return {
    "ratelimit-policy": each((name) => `"${name}";q=${quotas[name].limit};w=${WINDOW_SECONDS[name]}`),
    ratelimit: each((name) => `"${name}";r=${quotas[name].remaining};t=${seconds(quotas[name].resetMs)}`),
  };
}

/** The refusal of a submission over a quota; `Retry-After` is when that quota is given back. */
export function quotaExceeded(quota: keyof Quotas, until: Date, quotas: Quotas): Refusal {
  const { resetMs } = quotas[quota];
  const waitSeconds = Math.max(1, seconds(resetMs));
  return {
    code: "quota-exceeded",
    detail: `${usedUp(quota, quotas)} The quota is given back at ${until.toISOString()}: submit again in ${waitSeconds} s.`,
    headers: { ...rateLimitHeaders(quotas), "retry-after": String(waitSeconds) },
  };
}

function usedUp(quota: keyof Quotas, quotas: Quotas): string {
  const { limit, remaining } = quotas[quota];
  if (quota !== "inputBytes") return `You have submitted ${limit} jobs this ${quota}, as many as you may.`;
  const [all, left] = [limit, remaining].map((bytes) => bytes.toLocaleString("en"));
  return `You may submit ${all} bytes of inputs a day; ${left} are left, and this input has more.`;
}

/** Whole seconds, rounded up: who comes back then comes back in time. */
function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
