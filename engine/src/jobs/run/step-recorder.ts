import type { JsonValue } from "@baton/protocol";
import type { DocumentTransaction } from "../../job-types/document-transaction.ts";
import type { Clock } from "../../kit/ports.ts";
import type { StepAnswer, StepStore } from "../ports.ts";
import type { StepRun } from "./named-steps.ts";

/** Records the outputs of an invocation's steps. Each call rejects when the lease is lost, which stops the handler. */
export interface StepRecorder {
  /** Records `output`; gives what is recorded. */
  keep(name: string, output: JsonValue): Promise<JsonValue>;
  /** Records the output of `write` in the transaction of its writes. */
  commit(name: string, write: (tx: DocumentTransaction) => Promise<JsonValue>): Promise<JsonValue>;
}

/** The recorder of the invocation `run`. */
export function stepRecorder(
  { steps, clock }: { steps: StepStore; clock: Clock },
  { job, leaseId, lease, suspension }: StepRun,
): StepRecorder {
  const identityOf = (name: string) => ({ jobId: job.jobId, leaseId, name });

  async function recorded(writing: Promise<StepAnswer>): Promise<JsonValue> {
    const answer = await writing;
    if (answer.outcome === "recorded") {
      suspension.noteRecord();
      return answer.step.output;
    }
    lease.lose();
    throw lease.signal.reason;
  }

  return {
    keep: (name, output) => recorded(steps.keep(identityOf(name), output, clock.now())),
    commit: (name, write) => recorded(steps.record(identityOf(name), write, clock.now())),
  };
}
