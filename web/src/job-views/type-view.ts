import type { JobResultView } from "@baton/client";
import type { JsonValue } from "@baton/protocol";
import type { ComponentType, ReactNode } from "react";

/** Shows the jobs of one type: words, form and result. */
export interface TypeView {
  /** Words for the steps of the handler, in their order. A step without an entry is shown by its own name. */
  readonly steps: readonly StepWords[];
  /** Advice for a failed job, by the code of its error. */
  readonly advice: ReadonlyMap<string, string>;
  /** True when the job's page shows the input as JSON; false where the result shows it better. */
  readonly isInputShown: boolean;
  /** Loads the form that submits a job of the type. */
  loadForm(): Promise<ComponentType<TypeFormProps>>;
  /** Loads what shows the output of a completed job. */
  loadResult(): Promise<ComponentType<TypeResultProps>>;
}

/** Words for one step of a handler. */
export interface StepWords {
  /** Name of the step, as in `context.progress(0.2, "fetching")`. */
  readonly step: string;
  /** Matches further names of the same step: those of durable steps within it, such as `source 3`. */
  readonly alsoNamed?: RegExp;
  /** A word for the list of steps: "Fetch". */
  readonly label: string;
  /** A phrase for what the job does now: "Fetching the pages". Or the phrase for one of the names of the step. */
  readonly doing: string | ((name: string) => string);
}

/** Properties of the form of a job type. */
export interface TypeFormProps {
  readonly type: string;
  /** JSON Schema of the input; undefined while the list of job types is not loaded. */
  readonly inputSchema: JsonValue | undefined;
  /** The choice of another job type, to be shown below the heading of the form. */
  readonly picker: ReactNode;
}

/** Properties of the view of a result. */
export interface TypeResultProps {
  /** Always has an `output`. */
  readonly result: JobResultView;
}
