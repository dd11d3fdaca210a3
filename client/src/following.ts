import { BatonError } from "./errors.ts";
import { backoffMs, pause } from "./retry.ts";

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/** Failures in a row after which a listener that is still tried again is told of them. */
export const PATIENCE = 3;

/** The verdict on a broken listener: whether to tell the caller, and whether it is the end. */
export interface Verdict {
  error: BatonError;
  isOver: boolean;
}

/** Opens a listener; answers how to close it. `heard` is to be called for each answer of the server. */
export type OpenListener = (heard: () => void, fail: (cause: unknown) => void) => () => void;

/**
 * Keeps a listener open until the returned function is called. One that breaks is opened again after 1 s, doubled up to
 * 30 s, less up to half by chance, and at once when a browser is online again. `judge` says how a failure counts;
 * `tell` hears of one that is the end, and of the third in a row. Never throws, and tells nothing before it returned.
 */
export function keepFollowing(
  open: OpenListener,
  judge: (cause: unknown, hasHeard: boolean, failures: number) => Verdict,
  tell: (error: BatonError) => void,
): () => void {
  const ended = new AbortController();
  let hasHeard = false;
  let failures = 0;
  let close = () => {};
  const start = () => {
    let isBroken = false;
    const fail = (cause: unknown) => {
      if (isBroken || ended.signal.aborted) return;
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
    const { error, isOver } = judge(cause, hasHeard, failures);
    if (isOver || failures === PATIENCE) tell(error);
    if (isOver) return;
    await pause(backoffMs(failures, FIRST_DELAY_MS, MAX_DELAY_MS), ended.signal);
    if (!ended.signal.aborted) start();
  };
  start();
  return () => {
    ended.abort();
    close();
  };
}

/** Firestore's codes of what no second try mends: the request itself is wrong, or the app closed its Firestore. */
const LASTING_CODES: readonly unknown[] = ["invalid-argument", "failed-precondition", "unimplemented", "out-of-range"];

/**
 * Judges a broken listener. `refusal` makes the error for a read that the rules refuse. Such a refusal is the end at
 * once when the listener was never heard. Else it is the end after the third in a row, because a token may have expired
 * on its way.
 */
export function judgeListener(refusal: (cause: unknown) => BatonError) {
  return (cause: unknown, hasHeard: boolean, failures: number): Verdict => {
    if (cause instanceof BatonError) return { error: cause, isOver: true };
    const code = codeOf(cause);
    if (code === "permission-denied") return { error: refusal(cause), isOver: !hasHeard || failures >= PATIENCE };
    if (code === undefined || LASTING_CODES.includes(code)) {
      const detail = "Firestore cannot follow this. Check how the client was created, or reload.";
      return { error: new BatonError("listener", detail, { cause }), isOver: true };
    }
    const detail = "Firestore cannot be reached. The listener is opened again until it answers.";
    return { error: new BatonError("listener", detail, { cause }), isOver: false };
  };
}

/** By its code: the SDK resets the prototype of its errors, so that none is an `instanceof FirestoreError`. */
function codeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}
