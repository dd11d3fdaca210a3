import type { TypeView } from "../type-view.ts";

/** Shows the jobs of any type: the input as a JSON editor, the output as a JSON tree, each step by its own name. */
export const genericView: TypeView = {
  steps: [],
  advice: new Map(),
  isInputShown: true,
  loadForm: async () => (await import("./generic-form.tsx")).GenericForm,
  loadResult: async () => (await import("./generic-result.tsx")).GenericResult,
};
