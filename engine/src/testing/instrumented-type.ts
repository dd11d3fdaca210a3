import { z } from "zod";
import type {
  DocumentTransaction,
  FileData,
  JobContext,
  JobType,
  StepOptions,
  StepScope,
} from "../job-types/define-job.ts";
import type { IdleDetector } from "./idle-detector.ts";

/** The work of a step, or a commit, that is about to begin. */
export interface BeginningWork {
  name: string;
  /** Its number among the steps and commits that this invocation's handler called, from 1. */
  number: number;
  /** Aborts when the work is to stop. */
  signal: AbortSignal;
}

/** Observes the calls of a handler, and may replace the work of its steps. */
export interface StepInterceptor {
  /** An invocation of the handler begins. The answer is called in place of each work of its steps and commits. */
  begins(): <T>(beginning: BeginningWork, work: () => Promise<T>) => Promise<T>;
  /** The handler reported its progress. */
  reports(fraction: number, step?: string): void;
}

/**
 * Makes the same job type with `interceptor` between its handler and the worker; `activity` says when its own code is
 * at work.
 */
export function instrumentedType(type: JobType, interceptor: StepInterceptor, activity: IdleDetector): JobType {
  const { onCancel } = type;
  return {
    ...type,
    input: instrumentedSchema(type.input, activity),
    output: instrumentedSchema(type.output, activity),
    ...(onCancel && { onCancel: (context, input) => activity.atWork(asPromise(() => onCancel(context, input))) }),
    run(context, input) {
      activity.forget();
      return activity.atWork(asPromise(() => type.run(instrumentedContext(context, interceptor, activity), input)));
    },
  };
}

/** Awaits a call that may return no promise, as the worker does. */
async function asPromise<T>(call: () => T): Promise<Awaited<T>> {
  return await call();
}

type Options = StepOptions & { output?: z.ZodType };

function instrumentedOptions(options: Options | undefined, activity: IdleDetector): Options | undefined {
  const output = options?.output;
  return output instanceof z.ZodType ? { ...options, output: instrumentedSchema(output, activity) } : options;
}

/** Replaces work that is a function; the worker refuses any other. */
function instrumentedWork<Work>(work: Work, instrumented: Work): Work {
  return typeof work === "function" ? instrumented : work;
}

/** The same schema; its asynchronous checks are work of the type's own. */
function instrumentedSchema(schema: z.ZodType, activity: IdleDetector): z.ZodType {
  const safeParseAsync: z.ZodType["safeParseAsync"] = (...given) => activity.atWork(schema.safeParseAsync(...given));
  return Object.create(schema, { safeParseAsync: { value: safeParseAsync } });
}

/** True for what can be the data of a file; the worker refuses any other value. */
function isData(data: unknown): data is FileData {
  if (typeof data === "string") return true;
  return typeof data === "object" && data !== null && (Symbol.asyncIterator in data || Symbol.iterator in data);
}

/** The pieces of a file's data. To make each of them is work of the type's own. */
async function* dataOf(give: () => Promise<FileData>, activity: IdleDetector) {
  const pieces = piecesOf(await give());
  try {
    for (;;) {
      const { done, value } = await activity.atWork(pieces.next());
      if (done) return;
      yield value;
    }
  } finally {
    await pieces.return(undefined);
  }
}

async function* piecesOf(data: FileData): AsyncGenerator<string | Uint8Array, undefined, undefined> {
  if (typeof data === "string" || data instanceof Uint8Array) yield data;
  else yield* data;
  return undefined;
}

function instrumentedContext(context: JobContext, interceptor: StepInterceptor, activity: IdleDetector): JobContext {
  const intercept = interceptor.begins();
  let number = 0;

  function step(name: string, work: (scope: StepScope) => unknown, options?: Options): Promise<never> {
    const called = { name, number: ++number };
    const intercepted = ({ signal }: StepScope) => intercept({ ...called, signal }, async () => work({ signal }));
    const given = instrumentedOptions(options, activity);
    const done = activity.waiting(context.step(name, instrumentedWork(work, intercepted), given));
    const progress = options?.progress;
    if (progress !== undefined) {
      const report = () => interceptor.reports(progress, name);
      // Its failure is for the code that waits for the step.
      Promise.prototype.then.call(done, report, () => undefined);
    }
    return ofCallersType(done);
  }

  function commit(name: string, write: (tx: DocumentTransaction) => unknown, options?: Options): Promise<never> {
    const called = { name, number: ++number, signal: context.signal };
    const intercepted = (tx: DocumentTransaction) => intercept(called, async () => write(tx));
    // The worker takes a commit without options, too, as its declaration says it in two parts.
    const given = instrumentedOptions(options, activity) as { output: z.ZodType };
    return ofCallersType(activity.waiting(context.commit(name, instrumentedWork(write, intercepted), given)));
  }

  /** The work of a file's step is to give its data. */
  const write: JobContext["files"]["write"] = (name, data, options) => {
    const called = { name: `file:${name}`, number: ++number, signal: context.signal };
    const given = isData(data) ? dataOf(() => intercept(called, async () => data), activity) : data;
    return activity.waiting(context.files.write(name, given, options));
  };

  return {
    ...context,
    step,
    commit,
    files: { write, read: (file) => activity.waiting(context.files.read(file)) },
    sleep: (duration, name) => activity.waiting(context.sleep(duration, name)),
    progress(fraction, at) {
      interceptor.reports(fraction, at);
      context.progress(fraction, at);
    },
  };
}

/** The output has the type that the caller's schema or work declares. */
function ofCallersType(output: Promise<unknown>): Promise<never> {
  return output as Promise<never>;
}
