import type { JsonValue } from "@baton/protocol";
import type { z } from "zod";
import type { JobContext, StepOptions, StepScope } from "../../job-types/define-job.ts";
import type { DocumentTransaction } from "../../job-types/document-transaction.ts";
import type { StepStore } from "../ports.ts";
import { type CheckedOptions, checkedOptions, demandName, demandWork } from "./call-arguments.ts";
import { leave, type NamedSteps, namedSteps, reading, type StepRun } from "./named-steps.ts";
import { asWorkOf } from "./nested-steps.ts";
import type { OpenStep } from "./open-steps.ts";
import { readStepOutput, toOutput } from "./outputs.ts";
import { type StepPromises, stepPromises } from "./step-promise.ts";
import { type StepRecorder, stepRecorder } from "./step-recorder.ts";
import { retryStep, type StepRetryPorts } from "./step-retry.ts";
import { sleepFunction } from "./step-sleep.ts";

/** The functions of a handler's context whose outputs are recorded. */
export interface StepFunctions
  extends Pick<JobContext, "step" | "commit" | "sleep">,
    Pick<StepPromises, "unhandledFailure"> {}

type Options = StepOptions & { output?: z.ZodType };

/** The parts of an invocation that its step functions share. */
interface StepParts {
  run: StepRun;
  once: NamedSteps;
  recorder: StepRecorder;
  promises: StepPromises;
}

/** Makes the step functions of the invocation `run`: see `JobContext`. */
export function stepFunctions(ports: StepRetryPorts & { steps: StepStore }, run: StepRun): StepFunctions {
  const parts = { run, once: namedSteps(ports, run), recorder: stepRecorder(ports, run), promises: stepPromises() };
  return {
    step: stepFunction(parts, ports),
    commit: commitFunction(parts),
    sleep: sleepFunction({ ...parts, clock: ports.clock }),
    unhandledFailure: parts.promises.unhandledFailure,
  };
}

function stepFunction(parts: StepParts, ports: StepRetryPorts): JobContext["step"] {
  const { run, recorder } = parts;
  return (name: string, work: (scope: StepScope) => unknown, given?: Options) =>
    call(parts, { name, work, given }, async (open, { retry, timeoutMs, output: schema }) => {
      const signal = AbortSignal.any([run.lease.signal, open.abort.signal]);
      const trying = { ...(retry && { retry }), ...(timeoutMs !== undefined && { timeoutMs }) };
      const value = await retryStep(ports, name, asWorkOf(run, name, work), trying, signal);
      const output = await reading(run, name, checked(name, value, schema));
      open.isBeingRecorded = true;
      return run.suspension.isOver() ? leave(run, name) : recorder.keep(name, output);
    });
}

function commitFunction(parts: StepParts): JobContext["commit"] {
  const { run, recorder } = parts;
  return (name: string, write: (tx: DocumentTransaction) => unknown, given?: Options) =>
    call(parts, { name, work: write, given }, (open, { output }) => {
      open.isBeingRecorded = true;
      const writeInside = asWorkOf(run, name, write);
      return recorder.commit(name, async (tx) => reading(run, name, checked(name, await writeInside(tx), output)));
    });
}

/** Checks the arguments of a call of `step` or `commit`, and does its work once. */
function call(
  { once, promises }: StepParts,
  { name, work, given }: { name: unknown; work: unknown; given: Options | undefined },
  doWork: (open: OpenStep, options: CheckedOptions) => Promise<JsonValue>,
): Promise<never> {
  const begin = async () => {
    demandName(name);
    demandWork(name, work);
    const options = checkedOptions(name, given);
    return once(name, options, (open) => doWork(open, options));
  };
  // The output has the type that the caller's schema or work declares.
  return promises.ignoreRejection(begin() as Promise<never>);
}

async function checked(name: string, value: unknown, schema: z.ZodType | undefined): Promise<JsonValue> {
  const output = toOutput(value, { code: "step-output", giver: `Step "${name}"` });
  await readStepOutput(name, output, schema, { isRemembered: false, mayBeUndefined: value === undefined });
  return output;
}
