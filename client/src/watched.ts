import type { BatonError } from "./errors.ts";

/**
 * The state of a hook: nothing yet (`loading`), a value that is kept up to date, or why there is none. `isConnected` is
 * false while Firestore is out of reach or fails: a value may then be old, and is up to date again once it is true.
 */
export type Watched<Value> = { isConnected: boolean } & (
  | { state: "loading" }
  | { state: "ready"; value: Value }
  | { state: "failed"; error: BatonError }
);

/** One report of a watch. */
export type Told<Value> =
  | { kind: "value"; value: Value }
  | { kind: "error"; error: BatonError }
  | { kind: "connection"; isConnected: boolean };

/** Errors after which a watch continues and recovers: they make a value old, not wrong. */
const PASSING: readonly string[] = ["listener", "network", "unavailable"];

/** Works out what is known after `told`. A value stays through errors that pass. */
export function nextWatched<Value>(before: Watched<Value>, told: Told<Value>): Watched<Value> {
  if (told.kind === "connection") return { ...before, isConnected: told.isConnected };
  if (told.kind === "value") return { state: "ready", value: told.value, isConnected: before.isConnected };
  const isPassing = PASSING.includes(told.error.code);
  if (isPassing && before.state === "ready") return { ...before, isConnected: false };
  return { state: "failed", error: told.error, isConnected: before.isConnected && !isPassing };
}
