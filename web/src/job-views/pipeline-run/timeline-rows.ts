import type { JobResultView } from "@baton/client";
import { stageLabel, stateLabel } from "./stage-words.ts";
import type { StageRecord } from "./types.ts";

/** A stretch of a job's time. */
export interface Stretch {
  label: string;
  /** From the submission on. */
  fromMs: number;
  durationMs: number;
}

/** The stages of one state. */
export interface TimelineState {
  label: string;
  stretches: readonly Stretch[];
}

/** Where the time of a job went. */
export interface Timeline {
  states: readonly TimelineState[];
  totalMs: number;
  /** The stretch that took most of it. */
  longest: Stretch | undefined;
}

/** Lists where the time went, from the submission of the job until it was final, when its result was created. */
export function timelineOf(
  { createdAt, durationMs: totalMs }: Pick<JobResultView, "createdAt" | "durationMs">,
  stages: readonly StageRecord[],
): Timeline {
  const submittedMs = Date.parse(createdAt) - totalMs;
  // Two machines took these times: a clock that lags must not turn them around.
  const since = (instant: string) => Math.max(0, Date.parse(instant) - submittedMs);
  const [first] = stages;
  const waitMs = first ? since(first.startedAt) : 0;
  const states: { label: string; stretches: Stretch[] }[] = [
    { label: "Start", stretches: [{ label: "Waiting for a worker", fromMs: 0, durationMs: waitMs }] },
  ];
  for (const { state, stage, startedAt, durationMs } of stages) {
    const label = stateLabel(state);
    if (states.at(-1)?.label !== label) states.push({ label, stretches: [] });
    states.at(-1)?.stretches.push({ label: stageLabel(stage), fromMs: since(startedAt), durationMs });
  }
  const stretches = states.flatMap((state) => state.stretches);
  const [longest] = stretches.toSorted((a, b) => b.durationMs - a.durationMs);
  return { states, totalMs, longest };
}

/** Writes a time in seconds, with a digit more where it is short: `0.04 s`, `12.3 s`. */
export function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`;
}

/** Says in a sentence why the job took as long as it did. */
export function explanationOf({ totalMs, longest }: Timeline): string {
  if (longest === undefined || totalMs === 0) return "";
  const share = Math.round((longest.durationMs * 100) / totalMs);
  return `${secondsOf(totalMs)} from the submission to the end. ${longest.label} took the most: ${secondsOf(longest.durationMs)}, ${share} % of it.`;
}
