import { isQueueTopic } from "@baton/engine/local";
import type { FunctionProcess } from "../functions/function-process.ts";
import { sendEvent } from "../functions/send-event.ts";
import type { FunctionSpec } from "../manifest/manifest.ts";
import type { Retries } from "../manifest/trigger.ts";
import type { RetryPolicy } from "./backoff.ts";
import type { BridgeOptions, WatchRequest } from "./bridge.ts";
import { createDeliverer, type Deliverer, type DelivererOptions } from "./delivery.ts";

/** Cloud Tasks keeps a task so long: https://cloud.google.com/tasks/docs/quotas */
const TASK_EXPIRE_MS = 31 * 24 * 3600 * 1000;

/**
 * Creates the deliverer of a function. It follows the function's settings when another version of it is put in place:
 * each is read when it is used.
 */
export function delivererOf(options: BridgeOptions, target: FunctionProcess): Deliverer {
  const faults = options.faultsOf(target.spec);
  const send = watchedSend(target, options.watchRequest);
  const deliverer = createDeliverer({
    get concurrency() {
      return concurrencyOf(target.spec, options.maxConcurrency);
    },
    get timeoutMs() {
      return target.spec.timeoutMs;
    },
    get policy() {
      return policyOf(options, target.spec);
    },
    send: faults ? faults.send(send) : send,
    log: (line) => options.log(`${target.spec.name}: ${line}`),
    now: () => performance.now(),
  });
  return faults ? faults.deliverer(deliverer) : deliverer;
}

/** Its process stands for all instances, and takes at least what one of them does. */
function concurrencyOf({ concurrency, maxInstances, trigger }: FunctionSpec, most: number): number {
  const calls = Math.max(concurrency, Math.min(concurrency * maxInstances, most));
  return trigger.kind === "tasks" ? Math.min(calls, trigger.limits.maxConcurrent) : calls;
}

/** Sends events to a function, and shows each request to `watch`. */
function watchedSend(target: FunctionProcess, watch: WatchRequest | undefined): DelivererOptions["send"] {
  return async (request, signal) => {
    const end = watch?.(target.spec.name, request.body);
    let status: number | undefined;
    try {
      status = await sendEvent(target, request, signal);
      return status;
    } finally {
      end?.(status);
    }
  };
}

function policyOf(options: BridgeOptions, { trigger }: FunctionSpec): RetryPolicy {
  if ("retries" in trigger) return policyOfRetries(trigger.retries);
  const retry = "retry" in trigger && trigger.retry;
  const { retryMinMs: minMs, retryMaxMs: maxMs, retentionMs: expireMs, maxDeliveryAttempts: maxAttempts } = options;
  const policy = { retry, minMs, maxMs, expireMs };
  // Only a queue has dead letters: they are jobs that did not run. One that cannot be buried stays where it is.
  const isQueue = trigger.kind === "pubsub" && isQueueTopic(trigger.topic);
  return isQueue && maxAttempts !== undefined ? { ...policy, maxAttempts } : policy;
}

/** A limit of attempts and one of time: both must be passed before Cloud Tasks and Cloud Scheduler give up. */
function policyOfRetries(retries: Retries): RetryPolicy {
  const { maxAttempts, maxAgeSeconds, minBackoffSeconds, maxBackoffSeconds, maxDoublings } = retries;
  return {
    retry: maxAttempts !== 1 || maxAgeSeconds > 0,
    minMs: minBackoffSeconds * 1000,
    maxMs: maxBackoffSeconds * 1000,
    maxDoublings,
    ...(maxAttempts > 0 && { maxAttempts }),
    minRetryMs: maxAgeSeconds * 1000,
    afterLast: "drop",
    expireMs: TASK_EXPIRE_MS,
  };
}
