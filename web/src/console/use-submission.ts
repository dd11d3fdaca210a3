import { BatonError } from "@baton/client";
import { useForm } from "@mantine/form";
import { useContext, useRef, useState } from "react";
import { useMounted } from "../mounted.ts";
import { jobPath, navigate } from "../navigation.tsx";
import { type AnalysisForm, EMPTY_FORM, formErrorsOf, optionsOf, requestOf, validate } from "./analysis-form.ts";
import { SignedInContext, useClient, useUid } from "./client-context.ts";
import { idempotencyKeys } from "./idempotency-keys.ts";
import { keepSubmittedComments } from "./submitted-comments.ts";

/** The form as its fields see it. */
export type SubmissionForm = ReturnType<typeof useSubmission>["form"];

/** The form of a new analysis and its way to the API: goes to the job's page once it is accepted, and keeps why it was not. */
export function useSubmission() {
  const client = useClient();
  const uid = useUid();
  const form = useForm<AnalysisForm>({ initialValues: EMPTY_FORM, validate });
  const [failure, setFailure] = useState<BatonError>();
  const [isSending, setIsSending] = useState(false);
  // A ref, because a key that is held down submits again before the next render.
  const isUnderWay = useRef(false);
  const isSignedIn = useContext(SignedInContext);
  const isMounted = useMounted();
  const [keys] = useState(idempotencyKeys);
  const send = async (values: AnalysisForm) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setIsSending(true);
    setFailure(undefined);
    try {
      const input = requestOf(values);
      const options = optionsOf(values);
      const job = await client.submit("video.analysis", input, {
        ...options,
        idempotencyKey: keys.of({ input, options }),
      });
      keys.forget();
      if (isSignedIn.current) keepSubmittedComments(uid, job.jobId, input.comments ?? []);
      // The user may be elsewhere by now, or another one.
      if (isMounted.current) navigate(jobPath(job.jobId));
    } catch (error) {
      // Not after a success: the form stays there for a moment, and must not send what it holds again.
      isUnderWay.current = false;
      if (!(error instanceof BatonError)) throw error;
      const errors = formErrorsOf(error);
      form.setErrors(errors);
      // Said once: at the field, or below the form when no field is to blame.
      if (Object.keys(errors).length === 0) setFailure(error);
    } finally {
      setIsSending(false);
    }
  };
  return { form, failure, isSending, send };
}
