import type { SentError } from "./sent-error.ts";

/** A message of the worker to a compute process. */
export interface CallMessage {
  type: string;
  name: string;
  /** As `toBytes` writes it. */
  input: Uint8Array;
}

/**
 * A message of a compute process: `ready` once, when it can take calls; then the progress of each call, and its end.
 */
export type ComputeMessage =
  | { kind: "ready" }
  | { kind: "progress"; fraction: number; step?: string }
  | { kind: "returned"; output: Uint8Array; isHeavy: boolean }
  | { kind: "threw"; error: SentError; isHeavy: boolean };
