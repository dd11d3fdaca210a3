import type { SentError } from "./sent-error.ts";

/** What the worker sends to a compute process. */
export interface CallMessage {
  type: string;
  name: string;
  /** As `toBytes` writes it. */
  input: Uint8Array;
}

/** What a compute process sends: `ready` once, when it can take calls; then of each call its progress, and one end. */
export type ComputeMessage =
  | { kind: "ready" }
  | { kind: "progress"; fraction: number; step?: string }
  | { kind: "returned"; output: Uint8Array; isHeavy: boolean }
  | { kind: "threw"; error: SentError; isHeavy: boolean };
