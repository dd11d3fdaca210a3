import { BatonError, type JobView, type SubmitOptions } from "@baton/client";
import { useContext, useRef, useState } from "react";
import { SignedInContext, useClient, useUid } from "../console/client-context.ts";
import { idempotencyKeys } from "../console/idempotency-keys.ts";
import { keepSubmittedInput } from "../console/submitted-input.ts";
import { useMounted } from "../mounted.ts";
import { jobPath, navigate } from "../navigation.tsx";

/** The way of one form to the API. */
export interface Submission {
  isSending: boolean;
  /**
   * Submits a job and goes to its page. Answers the refusal, or undefined once the job is accepted. Does nothing while
   * another call is under way. A repeated equal request, after a lost answer, submits no second job.
   */
  send(input: unknown, options: SubmitOptions): Promise<BatonError | undefined>;
}

/** Submits jobs of `type` for a form. */
export function useSubmission(type: string): Submission {
  const client = useClient();
  const uid = useUid();
  const [isSending, setIsSending] = useState(false);
  // A ref, because a key that is held down submits again before the next render.
  const isUnderWay = useRef(false);
  const isSignedIn = useContext(SignedInContext);
  const isMounted = useMounted();
  const [keys] = useState(idempotencyKeys);
  const accept = ({ jobId }: JobView, input: unknown) => {
    keys.forget();
    if (isSignedIn.current) keepSubmittedInput(uid, jobId, input);
    // The user may be elsewhere by now, or another one.
    if (isMounted.current) navigate(jobPath(jobId));
  };
  const send = async (input: unknown, options: SubmitOptions) => {
    if (isUnderWay.current) return undefined;
    isUnderWay.current = true;
    setIsSending(true);
    try {
      const idempotencyKey = keys.of({ type, input, options });
      accept(await client.submit(type, input, { ...options, idempotencyKey }), input);
      return undefined;
    } catch (error) {
      // Not after a success: the form stays there for a moment, and must not send what it holds again.
      isUnderWay.current = false;
      if (error instanceof BatonError) return error;
      throw error;
    } finally {
      setIsSending(false);
    }
  };
  return { isSending, send };
}
