import { availableParallelism } from "node:os";
import { settingValue } from "../job-types/setting.ts";
import { firestoreDeadLetterStore } from "../jobs/firestore/dead-letter-store.ts";
import { firestoreStepStore } from "../jobs/firestore/step-store.ts";
import type { ReceivedMessage } from "../jobs/rules/dead-letter.ts";
import { computePool } from "../jobs/run/compute/compute-pool.ts";
import { handleMessage, type MessagePorts } from "../jobs/run/handle-message.ts";
import { isLateCall } from "../jobs/run/late-calls.ts";
import { leaseGuardThread } from "../jobs/run/lease-guard/lease-guard.ts";
import { tolerateRejections } from "../jobs/run/tolerate-rejections.ts";
import { randomIds } from "../platform/ids.ts";
import { codebaseEntry } from "./codebase-entry.ts";
import type { Deployment } from "./deployment.ts";
import { filesOf, jobFilesOf } from "./file-ports.ts";
import { sharedPorts } from "./shared-ports.ts";

/** As many as the jobs that one worker runs at a time by default, so that no job waits for another's computation. */
const MAX_COMPUTE_PROCESSES = 4;
const COMPUTE_IDLE_MS = 60_000;

/** Function `worker`, and that of every further queue: runs the jobs of `queue`. */
export function workerHandler(deployment: Deployment, queue: string): (message: ReceivedMessage) => Promise<void> {
  const config = deployment.config();
  const { leaseMs, workerTimeoutMs } = config;
  const { database, ...shared } = sharedPorts(deployment, filesOf);
  const guarded = { leaseMs, database: config.database };
  const timeoutMs = timeoutSecondsOf(deployment, queue) * 1000;
  const ports: MessagePorts = {
    ...shared,
    steps: firestoreStepStore(database),
    files: jobFilesOf(database, config),
    deadLetters: firestoreDeadLetterStore(database),
    compute: computePool({
      entry: codebaseEntry(process.env),
      maxProcesses: MAX_COMPUTE_PROCESSES,
      // More would make one owner's work no faster, and take the processor from the work of others.
      maxOfOwner: availableParallelism(),
      idleMs: COMPUTE_IDLE_MS,
    }),
    leaseGuard: leaseGuardThread(new URL("./lease-guard.js", import.meta.url), guarded, shared.log),
    types: deployment.types,
    settingsOf: deployment.settingsOf,
    ids: randomIds,
    random: Math.random,
    leaseMs,
    workerTimeoutMs: Math.min(workerTimeoutMs, timeoutMs),
  };
  // The platform ends a process for a rejection that no code handles. A late call harms nothing, and the process runs other jobs.
  tolerateRejections(process, isLateCall);
  return (message) => handleMessage(ports, queue, message);
}

/** Throws when a parameter has no value that a worker function can have. */
function timeoutSecondsOf({ queues }: Deployment, queue: string): number {
  const seconds = settingValue(queues[queue]?.timeoutSeconds ?? 0, true) ?? 0;
  if (seconds >= 60 && seconds <= 540) return seconds;
  throw new Error(`The timeoutSeconds of queue "${queue}" are ${seconds}; they have to be 60 to 540.`);
}
