import type { KillableWorker } from "./killable-worker.ts";

/** A step or commit by its name, or by its number among those that the handler calls in one invocation, from 1. */
export type StepKey = string | number;

/** The surroundings of a step's work. */
export interface WorkPlace {
  /** Aborts when the work is to stop. */
  signal: AbortSignal;
  worker: KillableWorker;
}

/** A fault: it replaces the work of a step, or happens before or after it. */
export type Fault = <T>(work: () => Promise<T>, place: WorkPlace) => Promise<T>;

/** The faults that are planned, by step. */
export interface StepPlan {
  /** `fault` happens in the next `times` tries of the step, after those planned for it before. */
  add(step: StepKey, fault: Fault, times: number): void;
  /** `fault` happens in every try, around what else is planned; it replaces an earlier one. */
  always(step: StepKey, fault: Fault): void;
  /** Takes the fault of the try that begins now. */
  meet(name: string, number: number): Fault;
  /** Steps whose planned faults did not all happen. */
  unmet(): StepKey[];
}

interface Planned {
  fault: Fault;
  times: number;
  isMet: boolean;
}

/** A plan with nothing in it. */
export function stepPlan(): StepPlan {
  const [once, always] = [new Map<StepKey, Planned[]>(), new Map<StepKey, Planned[]>()];
  return {
    add: (step, fault, times) => once.set(step, [...(once.get(step) ?? []), { fault, times, isMet: false }]),
    always: (step, fault) => always.set(step, [{ fault, times: Infinity, isMet: false }]),
    meet(name, number) {
      const inside = take(once.get(name)) ?? take(once.get(number)) ?? justWork;
      const outside = take(always.get(name)) ?? take(always.get(number)) ?? justWork;
      return (work, place) => outside(() => inside(work, place), place);
    },
    unmet: () => [...once, ...always].flatMap(([step, planned]) => (planned.every(({ isMet }) => isMet) ? [] : [step])),
  };
}

const justWork: Fault = (work) => work();

function take(planned: Planned[] | undefined): Fault | undefined {
  const next = planned?.find(({ times }) => times > 0);
  if (!next) return undefined;
  next.times -= 1;
  next.isMet = true;
  return next.fault;
}
