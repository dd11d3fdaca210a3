import { expiryOf, retentionMsOf } from "../../kit/retention.ts";
import { shardOf } from "../../kit/shard.ts";
import type { Notice } from "./alert.ts";
import type { Endpoint } from "./endpoint.ts";

const NOTICE_DAYS = 90;
/** How long whoever wrote a notice has to tell of it before the sweep has it done. */
const TELL_MS = 60_000;

/**
 * Makes the notice about a change in an endpoint's health at `now`, if the owner is to know of it: each step once, in
 * order.
 */
export function noticeOf(before: Endpoint, after: Endpoint, now: Date): Notice | undefined {
  if (after.disabled && !before.disabled) return disabledNotice(after, now);
  const { toldPercent } = after.health;
  if (toldPercent > before.health.toldPercent) return failingNotice(after, now);
  const isRecovered = before.health.toldPercent > 0 && toldPercent === 0 && !after.disabled;
  return isRecovered ? recoveredNotice(before, now) : undefined;
}

function disabledNotice(endpoint: Endpoint, now: Date): Notice {
  const why =
    endpoint.disabled?.reason === "gone"
      ? "answered 410 Gone and was disabled at once; what was pending for it is cancelled."
      : `has failed every attempt since ${sinceOf(endpoint)}, in five days of attempts, and was disabled; its events are kept from now on.`;
  const message = `The endpoint ${nameOf(endpoint)} ${why} Enable it when it works again, then recover what it missed.`;
  return notice(endpoint, "disabled", message, now);
}

function failingNotice(endpoint: Endpoint, now: Date): Notice {
  const { toldPercent: percent } = endpoint.health;
  const message = `The endpoint ${nameOf(endpoint)} has failed every attempt since ${sinceOf(endpoint)}: ${percent} % of the five days of attempts are over, after which it is disabled. See its deliveries for what it answers.`;
  return { ...notice(endpoint, "failing", message, now, percent), percent };
}

function recoveredNotice(endpoint: Endpoint, now: Date): Notice {
  const message = `The endpoint ${nameOf(endpoint)} works again, after failing since ${sinceOf(endpoint)}. Nothing needs doing; deliveries that used up their attempts can be recovered.`;
  return notice(endpoint, "recovered", message, now);
}

function notice(endpoint: Endpoint, kind: Notice["kind"], message: string, now: Date, percent?: number): Notice {
  const { endpointId, owner, health } = endpoint;
  const { failingSince } = health;
  const since = (failingSince ?? now).getTime();
  const noticeId = [endpointId, kind, ...(percent === undefined ? [] : [percent]), since].join("-");
  return {
    noticeId,
    owner,
    endpointId,
    kind,
    ...(failingSince && { failingSince }),
    message,
    dueAt: new Date(now.getTime() + TELL_MS),
    shard: shardOf(noticeId),
    createdAt: now,
    expireAt: expiryOf(now, retentionMsOf(NOTICE_DAYS)),
  };
}

/** The URL stays out of it: mail and other endpoints are told, and its path or query may hold a token. */
function nameOf({ endpointId, description }: Endpoint): string {
  return description === "" ? endpointId : `${endpointId} (${description})`;
}

function sinceOf({ health }: Endpoint): string {
  return (health.failingSince ?? new Date(0)).toISOString();
}
