import type { ResultStore } from "../core/due.ts";
import type { JobResult } from "../core/job.ts";
import { type DeliverPorts, deliverEvent, JOB_ENDPOINT } from "./deliver-event.ts";
import { eventBody, resultEvent } from "./result-event.ts";
import { webhookId } from "./webhook-id.ts";

/** What `notifyResult` needs. */
export interface NotifyPorts extends DeliverPorts {
  results: ResultStore;
  /** The secret that signs for the `webhookUrl` of an owner's jobs; may throw when the deployment has none. */
  ownerSecret(owner: string): string;
  /** Base URL of the API, without a trailing slash, for the links in events. */
  publicApiUrl: string;
}

/** Some webhooks are not delivered yet; whoever called `notifyResult` calls it again later. */
export class UndeliveredError extends Error {
  readonly code = "webhooks-undelivered";
  constructor(jobId: string, endpointIds: readonly string[], causes: readonly unknown[]) {
    super(`webhooks of job ${jobId} are not delivered yet to: ${endpointIds.join(", ")}`, {
      cause: causes.length > 1 ? new AggregateError(causes) : causes[0],
    });
    this.name = "UndeliveredError";
  }
}

interface Target {
  endpointId: string;
  url: string;
  secrets(): readonly string[];
}

/**
 * Tells the job's `webhookUrl` and every enabled endpoint of its owner how the job ended, all side by side. Idempotent: a
 * repeat sends only to those that have not succeeded or failed for good, with the same `webhook-id` as before. Throws
 * `UndeliveredError`, after all were tried, when another call may get further; a day after the job ended a failed attempt is its last.
 * Once nobody is left to be told, the result asks for no second look.
 */
export async function notifyResult(ports: NotifyPorts, result: JobResult): Promise<void> {
  const targets = await listTargets(ports, result);
  const event = resultEvent(result, ports.publicApiUrl);
  const body = eventBody(event);
  const outcomes = await Promise.allSettled(
    targets.map(async ({ endpointId, url, secrets }) => {
      const { jobId, owner, expireAt, createdAt: endedAt } = result;
      const deliveryId = webhookId(jobId, event.type, endpointId);
      const delivery = { deliveryId, owner, jobId, endpointId, event: event.type, expireAt };
      try {
        return await deliverEvent(ports, { delivery, url, secrets: secrets(), body, endedAt });
      } catch (error) {
        // The platform logs what a function throws without its cause.
        ports.log.error("webhook could not be handled", { deliveryId, jobId, endpointId, error });
        throw error;
      }
    }),
  );
  const causes = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  const unsettled = targets.filter((_, index) => {
    const outcome = outcomes[index];
    return outcome?.status === "rejected" || outcome?.value === "unsettled";
  });
  if (unsettled.length === 0) {
    // Only a result that somebody is waiting for asks for a second look.
    if (result.dueAt) await ports.results.settle(result.jobId);
    return;
  }
  throw new UndeliveredError(
    result.jobId,
    unsettled.map(({ endpointId }) => endpointId),
    causes,
  );
}

async function listTargets(ports: NotifyPorts, result: JobResult): Promise<Target[]> {
  const endpoints = await ports.endpoints.listEnabled(result.owner, ports.clock.now());
  const targets: Target[] = endpoints.map(({ endpointId, url, secrets }) => ({
    endpointId,
    url,
    secrets: () => secrets,
  }));
  if (result.webhookUrl === undefined) return targets;
  // The secret is asked for late: a deployment without a master secret still serves its endpoints.
  const secrets = () => [ports.ownerSecret(result.owner)];
  return [{ endpointId: JOB_ENDPOINT, url: result.webhookUrl, secrets }, ...targets];
}
