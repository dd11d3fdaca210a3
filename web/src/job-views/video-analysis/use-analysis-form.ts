import { useJobForm } from "../use-job-form.ts";
import { type AnalysisForm, EMPTY_FORM, formErrorsOf, optionsOf, requestOf, validate } from "./analysis-form.ts";

/** The form as its fields see it. */
export type AnalysisFields = ReturnType<typeof useAnalysisForm>["form"];

/** Holds the form of a new analysis. */
export function useAnalysisForm(type: string) {
  return useJobForm<AnalysisForm>(type, {
    initialValues: EMPTY_FORM,
    validate,
    requestOf,
    optionsOf,
    errorsOf: formErrorsOf,
  });
}
