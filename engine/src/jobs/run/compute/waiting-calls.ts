import type { ComputeCall } from "./compute.ts";
import type { ComputeProcess } from "./compute-process.ts";

/** A call that waits for a process. */
export interface WaitingCall {
  readonly call: ComputeCall;
  readonly isLarge: boolean;
  /** Hands the process over to the call. */
  start(process: ComputeProcess): void;
}

/** The queue of calls that wait for a process; fair among owners, then among the jobs of an owner. */
export interface WaitingCalls {
  /**
   * Resolves to the process that the call was started with. Rejects with the signal's reason when the call is aborted
   * before.
   */
  add(call: ComputeCall, isLarge: boolean): Promise<ComputeProcess>;
  /**
   * Takes out the call of the owner with the fewest calls `atWork`; of these, of the job with the fewest; of these, the
   * oldest. Undefined when each waits for other calls of its own owner.
   */
  takeNext(atWork: readonly ComputeCall[]): WaitingCall | undefined;
}

/** Makes an empty queue. An owner has at most `maxOfOwner` calls at work. */
export function waitingCalls(maxOfOwner: number): WaitingCalls {
  const waiting: WaitingCall[] = [];
  return {
    add: (call, isLarge) =>
      new Promise((resolve, reject) => {
        const abort = () => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(call.signal.reason);
        };
        const entry: WaitingCall = {
          call,
          isLarge,
          start(process) {
            call.signal.removeEventListener("abort", abort);
            resolve(process);
          },
        };
        call.signal.addEventListener("abort", abort, { once: true });
        waiting.push(entry);
      }),
    takeNext(atWork) {
      const index = indexOfNext(waiting, atWork, maxOfOwner);
      return index === undefined ? undefined : waiting.splice(index, 1)[0];
    },
  };
}

function indexOfNext(
  waiting: readonly WaitingCall[],
  atWork: readonly ComputeCall[],
  maxOfOwner: number,
): number | undefined {
  let next: { index: number; busy: number } | undefined;
  for (const [index, { call }] of waiting.entries()) {
    const ofOwner = atWork.filter(({ owner }) => owner === call.owner);
    const ofJob = ofOwner.filter(({ jobId }) => jobId === call.jobId);
    // The job's count decides only among owners with equal counts.
    const busy = ofOwner.length * (atWork.length + 1) + ofJob.length;
    if (ofOwner.length < maxOfOwner && (!next || busy < next.busy)) next = { index, busy };
  }
  return next?.index;
}
