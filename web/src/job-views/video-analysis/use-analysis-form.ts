import type { BatonError } from "@baton/client";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useSubmission } from "../use-submission.ts";
import { type AnalysisForm, EMPTY_FORM, formErrorsOf, optionsOf, requestOf, validate } from "./analysis-form.ts";

/** The form as its fields see it. */
export type AnalysisFields = ReturnType<typeof useAnalysisForm>["form"];

/**
 * Holds the form of a new analysis, and why it was refused: at the field, or as `failure` when no field is to blame.
 */
export function useAnalysisForm(type: string) {
  const form = useForm<AnalysisForm>({ initialValues: EMPTY_FORM, validate });
  const { isSending, send } = useSubmission(type);
  const [failure, setFailure] = useState<BatonError>();
  const submit = async (values: AnalysisForm) => {
    setFailure(undefined);
    const refusal = await send(requestOf(values), optionsOf(values));
    if (!refusal) return;
    const errors = formErrorsOf(refusal);
    form.setErrors(errors);
    if (Object.keys(errors).length === 0) setFailure(refusal);
  };
  const onSubmit = () => {
    form.onSubmit((values) => void submit(values))();
  };
  return { form, failure, isSending, onSubmit };
}
