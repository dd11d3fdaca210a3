import { BatonError } from "./errors.ts";
import { backoffMs, pause } from "./retry.ts";

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/** Consecutive failures after which the caller gets an error, while the tries continue. */
export const PATIENCE = 3;

/** The class of a listener's failure: its error, and whether no further try can succeed. */
export interface Verdict {
  error: BatonError;
  isLasting: boolean;
}

/** Opens a listener and gives the function that closes it. Calls `heard` for each answer of the server. */
export type OpenListener = (heard: () => void, fail: (cause: unknown) => void) => () => void;

/**
 * Keeps a listener open until the returned function is called. Reopens a failed listener after 1 s, doubled up to 30 s,
 * less up to half at random; at once when the browser is online again. `judge` classifies a failure. `tell` gets a
 * lasting failure, which is the last one, and the third failure in a row. Never throws, and calls `tell` only after it
 * returned.
 */
export function keepFollowing(
  open: OpenListener,
  judge: (cause: unknown, hasHeard: boolean, failures: number) => Verdict,
  tell: (error: BatonError) => void,
): () => void {
  const stopped = new AbortController();
  let hasHeard = false;
  let failures = 0;
  let close = () => {};
  const start = () => {
    let isBroken = false;
    const fail = (cause: unknown) => {
      if (isBroken || stopped.signal.aborted) return;
      isBroken = true;
      void broke(cause);
    };
    const heard = () => {
      hasHeard = true;
      failures = 0;
    };
    try {
      close = open(heard, fail);
    } catch (cause) {
      queueMicrotask(() => fail(cause));
    }
  };
  const broke = async (cause: unknown) => {
    failures += 1;
    const { error, isLasting } = judge(cause, hasHeard, failures);
    if (isLasting || failures === PATIENCE) tell(error);
    if (isLasting) return;
    await pause(backoffMs(failures, FIRST_DELAY_MS, MAX_DELAY_MS), stopped.signal);
    if (!stopped.signal.aborted) start();
  };
  start();
  return () => {
    stopped.abort();
    close();
  };
}

/** Codes of Firestore that no second try changes: the request itself is wrong, or the app closed its Firestore. */
const LASTING_CODES: readonly unknown[] = ["invalid-argument", "failed-precondition", "unimplemented", "out-of-range"];

/**
 * Creates the `judge` of a listener. `refusal` makes the error for a read that the rules refuse. Such a refusal is
 * lasting when the server never answered this listener. Otherwise the third in a row is lasting, because a token may
 * expire on its way.
 */
export function judgeListener(refusal: (cause: unknown) => BatonError) {
  return (cause: unknown, hasHeard: boolean, failures: number): Verdict => {
    if (cause instanceof BatonError) return { error: cause, isLasting: true };
    const code = codeOf(cause);
    if (code === "permission-denied") return { error: refusal(cause), isLasting: !hasHeard || failures >= PATIENCE };
    if (code === undefined || LASTING_CODES.includes(code)) {
      const detail = "Firestore cannot follow this. Check how the client was created, or reload.";
      return { error: new BatonError("listener", detail, { cause }), isLasting: true };
    }
    const detail = "Firestore cannot be reached. The listener is opened again until it answers.";
    return { error: new BatonError("listener", detail, { cause }), isLasting: false };
  };
}

/** Reads the code of an error. `instanceof FirestoreError` is false: the SDK resets the prototype of its errors. */
function codeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}
