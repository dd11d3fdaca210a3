import { setTimeout as pause } from "node:timers/promises";
import { JobView } from "@baton/protocol";
import type { Planned } from "./plan.ts";

/** The API, and the users who submit. */
export interface Submitting {
  apiUrl: string;
  /** An ID token of this owner. */
  tokenOf(owner: string): string;
  /** The address webhooks of this job go to; undefined where its owner's endpoint gets them. */
  webhookUrlOf(planned: Planned): string | undefined;
  /** The submissions begin one after the other, evenly over this time. Default: each as soon as there is room. */
  spreadMs?: number;
  signal: AbortSignal;
}

/** A submission that was accepted, and the answer to its cancel request. */
export interface Accepted {
  planned: Planned;
  jobId: string;
  /** Asked for not to run before. */
  runAt?: Date;
  /** Requests it took. */
  requests: number;
  /** The status that its cancel request was answered with. */
  cancelStatus?: number;
}

const CONCURRENCY = 16;
/** Between two tries of a request that was not answered, or with 429 or 503. */
const RETRY_MS = 200;

/**
 * Submits everything in the order of the plan, up to 16 at a time; jobs with the same ordering key one after the other,
 * each once the one before was accepted. Asks again, with the same idempotency key, until a request is answered.
 */
export async function submitAll(plan: readonly Planned[], to: Submitting): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  const cancels: Promise<void>[] = [];
  const lastOfLane = new Map<string, Promise<unknown>>();
  const queue = plan.entries();
  const startedAt = performance.now();
  const submitNext = async () => {
    for (const [index, planned] of queue) {
      const beginsAt = startedAt + ((to.spreadMs ?? 0) * index) / plan.length;
      await pause(Math.max(0, beginsAt - performance.now()), undefined, { signal: to.signal });
      const lane = planned.orderingKey && `${planned.owner}/${planned.orderingKey}`;
      const submitted =
        (lane ? lastOfLane.get(lane) : undefined)?.then(() => submitOne(planned, to)) ?? submitOne(planned, to);
      if (lane) lastOfLane.set(lane, submitted);
      const one = await submitted;
      accepted.push(one);
      if (planned.cancelAfterMs !== undefined) cancels.push(cancelLater(one, planned.cancelAfterMs, to));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, submitNext));
  await Promise.all(cancels);
  return accepted;
}

async function submitOne(planned: Planned, to: Submitting): Promise<Accepted> {
  const { type, input, key, orderingKey, delayMs, hasWebhook } = planned;
  const runAt = delayMs === undefined ? undefined : new Date(Date.now() + delayMs);
  const webhookUrl = hasWebhook ? to.webhookUrlOf(planned) : undefined;
  const body = JSON.stringify({
    type,
    input,
    metadata: { key },
    ...(orderingKey !== undefined && { orderingKey }),
    ...(runAt && { runAt: runAt.toISOString() }),
    ...(webhookUrl !== undefined && { webhookUrl }),
  });
  const headers = { "content-type": "application/json", "idempotency-key": key };
  const { response, requests } = await ask(to, planned, "/v1/jobs", { method: "POST", headers, body });
  if (response.status !== 202) throw new Error(`${key} was refused: ${response.status} ${await response.text()}`);
  const { jobId } = JobView.parse(await response.json());
  return { planned, jobId, requests, ...(runAt && { runAt }) };
}

async function cancelLater(accepted: Accepted, afterMs: number, to: Submitting): Promise<void> {
  await pause(afterMs);
  const { response } = await ask(to, accepted.planned, `/v1/jobs/${accepted.jobId}`, { method: "DELETE" });
  accepted.cancelStatus = response.status;
}

/** Tries until a process answers: the API's is killed now and then, and Firestore is stopped. */
async function ask(to: Submitting, { owner }: Planned, path: string, init: RequestInit) {
  for (let requests = 1; ; requests++) {
    to.signal.throwIfAborted();
    try {
      const headers = { ...init.headers, authorization: `Bearer ${to.tokenOf(owner)}` };
      const response = await fetch(`${to.apiUrl}${path}`, { ...init, headers, signal: to.signal });
      if (response.status < 500 && response.status !== 429) return { response, requests };
      await response.arrayBuffer();
    } catch (error) {
      // A connection that broke says nothing about whether the job was stored.
      if (to.signal.aborted) throw error;
    }
    await pause(RETRY_MS);
  }
}
