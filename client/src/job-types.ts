import type { JobResultView } from "./views.ts";

/** A zod schema, by the types of what it takes and gives. Written out, so that a team may use any release of zod 4. */
interface Schema {
  readonly _zod: { readonly input: unknown; readonly output: unknown };
}

/** A job type as `defineJob` of `@baton/engine` returns it. The client reads its types and never its code. */
export interface DefinedJob {
  readonly type: string;
  readonly input: Schema;
  readonly output: Schema;
}

/** Input and output of each job type, by the name of the job type. */
export type JobTypeMap = Record<string, { input: unknown; output: unknown }>;

/**
 * Gives the `JobTypeMap` of a list of job types, and a map as it is. `input` is what a submission may leave out fields
 * of, `output` is what a completed job has.
 */
export type JobTypesOf<Jobs> = Jobs extends readonly DefinedJob[]
  ? { [Job in Jobs[number] as Job["type"]]: { input: InputOf<Job>; output: OutputOf<Job> } }
  : Jobs;

type InputOf<Job extends DefinedJob> = Job["input"]["_zod"]["input"];
type OutputOf<Job extends DefinedJob> = Job["output"]["_zod"]["output"];

/** The names of the job types of a list or a map. */
export type JobName<Jobs> = keyof JobTypesOf<Jobs> & string;

/** The input that a submission of job type `Type` takes. */
export type JobInput<Jobs, Type extends JobName<Jobs>> = JobTypesOf<Jobs>[Type] extends { input: infer Input }
  ? Input
  : never;

/** The output of a completed job of type `Type`. */
export type JobOutput<Jobs, Type extends JobName<Jobs>> = JobTypesOf<Jobs>[Type] extends { output: infer Output }
  ? Output
  : never;

/** A result of job type `Type`, with the type of its output. */
export type JobResultOf<Jobs, Type extends JobName<Jobs>> = Omit<JobResultView, "output" | "type"> & {
  type: Type;
  /** Present when the job completed. */
  output?: JobOutput<Jobs, Type>;
};
