import { expiryOf, retentionMsOf } from "../../kit/retention.ts";
import { shardOf } from "../../kit/shard.ts";
import type { Alert } from "./alert.ts";
import type { Endpoint } from "./endpoint.ts";

const ALERT_DAYS = 90;
/** How long the process that created an alert has to send it, before the sweep does. */
const SEND_MS = 60_000;

/**
 * Creates the alert about a change of an endpoint's health at `now`, if its owner has to know: one alert for each step,
 * in order.
 */
export function alertOf(before: Endpoint, after: Endpoint, now: Date): Alert | undefined {
  if (after.disabled && !before.disabled) return disabledAlert(after, now);
  const { alertedPercent } = after.health;
  if (alertedPercent > before.health.alertedPercent) return failingAlert(after, now);
  const isRecovered = before.health.alertedPercent > 0 && alertedPercent === 0 && !after.disabled;
  return isRecovered ? recoveredAlert(before, now) : undefined;
}

function disabledAlert(endpoint: Endpoint, now: Date): Alert {
  const why =
    endpoint.disabled?.reason === "gone"
      ? "answered 410 Gone and was disabled at once; what was pending for it is cancelled."
      : `has failed every attempt since ${sinceOf(endpoint)}, in five days of attempts, and was disabled; ` +
        "its events are kept from now on.";
  const message = `The endpoint ${nameOf(endpoint)} ${why} Enable it when it works again, then recover what it missed.`;
  return alert(endpoint, "disabled", message, now);
}

function failingAlert(endpoint: Endpoint, now: Date): Alert {
  const { alertedPercent: percent } = endpoint.health;
  const message =
    `The endpoint ${nameOf(endpoint)} has failed every attempt since ${sinceOf(endpoint)}: ` +
    `${percent} % of the five days of attempts are over, after which it is disabled. ` +
    "See its deliveries for what it answers.";
  return { ...alert(endpoint, "failing", message, now, percent), percent };
}

function recoveredAlert(endpoint: Endpoint, now: Date): Alert {
  const message =
    `The endpoint ${nameOf(endpoint)} works again, after failing since ${sinceOf(endpoint)}. ` +
    "Nothing needs doing; deliveries that used up their attempts can be recovered.";
  return alert(endpoint, "recovered", message, now);
}

function alert(endpoint: Endpoint, kind: Alert["kind"], message: string, now: Date, percent?: number): Alert {
  const { endpointId, owner, health } = endpoint;
  const { failingSince } = health;
  const since = (failingSince ?? now).getTime();
  const alertId = [endpointId, kind, ...(percent === undefined ? [] : [percent]), since].join("-");
  return {
    alertId,
    owner,
    endpointId,
    kind,
    ...(failingSince && { failingSince }),
    message,
    dueAt: new Date(now.getTime() + SEND_MS),
    shard: shardOf(alertId),
    createdAt: now,
    expireAt: expiryOf(now, retentionMsOf(ALERT_DAYS)),
  };
}

/**
 * Names the endpoint without its URL: the path or query may hold a token, and the alert goes to mail and other
 * endpoints.
 */
function nameOf({ endpointId, description }: Endpoint): string {
  return description === "" ? endpointId : `${endpointId} (${description})`;
}

function sinceOf({ health }: Endpoint): string {
  return (health.failingSince ?? new Date(0)).toISOString();
}
