import type { BatonError } from "./errors.ts";

/**
 * The state of a hook: no value yet (`loading`), a value that is kept up to date, or an error. `isConnected` is false
 * while Firestore is out of reach or fails: the value may be old until it is true again.
 */
export type Watched<Value> = { isConnected: boolean } & (
  | { state: "loading" }
  | { state: "ready"; value: Value }
  | { state: "failed"; error: BatonError }
);

/** One report of a watch. */
export type WatchReport<Value> =
  | { kind: "value"; value: Value }
  | { kind: "error"; error: BatonError }
  | { kind: "connection"; isConnected: boolean };

/** Codes of errors after which a watch continues and recovers. They make a value old, not wrong. */
const PASSING: readonly string[] = ["listener", "network", "unavailable"];

/** Gives the state after a report. A value stays through passing errors. */
export function nextWatched<Value>(before: Watched<Value>, report: WatchReport<Value>): Watched<Value> {
  if (report.kind === "connection") return { ...before, isConnected: report.isConnected };
  if (report.kind === "value") return { state: "ready", value: report.value, isConnected: before.isConnected };
  const isPassing = PASSING.includes(report.error.code);
  if (isPassing && before.state === "ready") return { ...before, isConnected: false };
  return { state: "failed", error: report.error, isConnected: before.isConnected && !isPassing };
}
