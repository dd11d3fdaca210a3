import type { BatonError, SubmitOptions } from "@baton/client";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useSubmission } from "./use-submission.ts";

/**
 * The parts of a job type's form; `errorsOf` gives the errors of a refusal by field, none when no field is to blame.
 */
export interface JobFormParts<Values> {
  initialValues: Values;
  /** Gives the errors of what was typed, by field. */
  validate(values: Values): Partial<Record<string, string>>;
  requestOf(values: Values): unknown;
  optionsOf(values: Values): SubmitOptions;
  errorsOf(refusal: BatonError): Record<string, string>;
}

/**
 * Holds a form that submits jobs of `type`. A refusal is shown at its fields, or as `failure` when no field is to
 * blame.
 */
export function useJobForm<Values extends object>(type: string, parts: JobFormParts<Values>) {
  const { initialValues, validate, requestOf, optionsOf, errorsOf } = parts;
  const form = useForm<Values>({ initialValues, validate });
  const { isSending, send } = useSubmission(type);
  const [failure, setFailure] = useState<BatonError>();
  const submit = async (values: Values) => {
    setFailure(undefined);
    const refusal = await send(requestOf(values), optionsOf(values));
    if (!refusal) return;
    const errors = errorsOf(refusal);
    form.setErrors(errors);
    if (Object.keys(errors).length === 0) setFailure(refusal);
  };
  const onSubmit = () => {
    form.onSubmit((values) => void submit(values))();
  };
  return { form, failure, isSending, onSubmit };
}
