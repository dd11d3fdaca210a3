import type { Quotas } from "../rules/usage.ts";

/** The windows of the quotas, in seconds. */
const WINDOW_SECONDS = { minute: 60, day: 86_400 };
type Window = keyof typeof WINDOW_SECONDS;

/** Shows what is left of the caller's quotas as headers: draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4. */
export function quotaHeaders(quotas: Quotas): Record<string, string> {
  const each = (item: (name: Window) => string) => [item("minute"), item("day")].join(", ");
  const seconds = (name: Window) => Math.ceil(quotas[name].resetMs / 1000);
  return {
    "ratelimit-policy": each((name) => `"${name}";q=${quotas[name].limit};w=${WINDOW_SECONDS[name]}`),
    ratelimit: each((name) => `"${name}";r=${quotas[name].remaining};t=${seconds(name)}`),
  };
}
