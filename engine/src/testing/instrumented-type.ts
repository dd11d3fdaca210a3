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

/** Who looks on while a handler runs, and may come between it and the worker. */
export interface StepInterceptor {
  /** An invocation of the handler begins; the answer stands between its steps and their work. */
  begins(): <T>(beginning: BeginningWork, work: () => Promise<T>) => Promise<T>;
  /** The handler said how far it is. */
  reports(fraction: number, step?: string): void;
}

/** The same job type, looked on by `onlooker`; `activity` says when its own code is at work. */
export function instrumentedType(type: JobType, onlooker: StepInterceptor, activity: IdleDetector): JobType {
  const { onCancel } = type;
  return {
    ...type,
    input: watchedSchema(type.input, activity),
    output: watchedSchema(type.output, activity),
    ...(onCancel && { onCancel: (context, input) => activity.atWork(asPromise(() => onCancel(context, input))) }),
    run(context, input) {
      activity.forget();
      return activity.atWork(asPromise(() => type.run(watchedContext(context, onlooker, activity), input)));
    },
  };
}

/** Awaits a call that may return no promise, as the worker does. */
async function asPromise<T>(call: () => T): Promise<Awaited<T>> {
  return await call();
}

type Options = StepOptions & { output?: z.ZodType };

function watchedOptions(options: Options | undefined, activity: IdleDetector): Options | undefined {
  const output = options?.output;
  return output instanceof z.ZodType ? { ...options, output: watchedSchema(output, activity) } : options;
}

/** Watches work that is a function; the worker refuses any other. */
function watchedWork<Work>(work: Work, watched: Work): Work {
  return typeof work === "function" ? watched : work;
}

/** The same schema; its asynchronous checks are work of the type's own. */
function watchedSchema(schema: z.ZodType, activity: IdleDetector): z.ZodType {
  const safeParseAsync: z.ZodType["safeParseAsync"] = (...given) => activity.atWork(schema.safeParseAsync(...given));
  return Object.create(schema, { safeParseAsync: { value: safeParseAsync } });
}

/** True for what can be the data of a file; the worker refuses anything else. */
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

function watchedContext(context: JobContext, onlooker: StepInterceptor, activity: IdleDetector): JobContext {
  const { signal } = context;
  const between = onlooker.begins();
  let number = 0;

  function step<Output extends z.ZodType>(
    name: string,
    work: (scope: StepScope) => z.input<Output> | Promise<z.input<Output>>,
    options: StepOptions & { output: Output },
  ): Promise<z.output<Output>>;
  function step<T>(name: string, work: (scope: StepScope) => T | Promise<T>, options?: StepOptions): Promise<T>;
  function step(name: string, work: (scope: StepScope) => unknown, options?: Options): Promise<unknown> {
    const called = { name, number: ++number };
    const watched = ({ signal }: StepScope) => between({ ...called, signal }, async () => work({ signal }));
    const done = activity.waiting(context.step(name, watchedWork(work, watched), watchedOptions(options, activity)));
    const progress = options?.progress;
    if (progress === undefined) return done;
    const report = () => onlooker.reports(progress, name);
    // Its failure is for the code that waits for the step.
    Promise.prototype.then.call(done, report, () => undefined);
    return done;
  }

  function commit<Output extends z.ZodType>(
    name: string,
    write: (tx: DocumentTransaction) => z.input<Output> | Promise<z.input<Output>>,
    options: { output: Output },
  ): Promise<z.output<Output>>;
  function commit<T>(name: string, write: (tx: DocumentTransaction) => T | Promise<T>): Promise<T>;
  function commit(name: string, write: (tx: DocumentTransaction) => unknown, options?: Options): Promise<unknown> {
    const called = { name, number: ++number, signal };
    const watched = watchedWork(write, (tx) => between(called, async () => write(tx)));
    const checked = watchedOptions(options, activity);
    // The worker takes a commit without options, too, as its declaration says it in two parts.
    return activity.waiting(context.commit(name, watched, checked as { output: z.ZodType }));
  }

  /** The work of a file's step is to give its data. */
  const write: JobContext["files"]["write"] = (name, data, options) => {
    const called = { name: `file:${name}`, number: ++number, signal };
    const watched = isData(data) ? dataOf(() => between(called, async () => data), activity) : data;
    return activity.waiting(context.files.write(name, watched, options));
  };

  return {
    ...context,
    step,
    commit,
    files: { write, read: (file) => activity.waiting(context.files.read(file)) },
    sleep: (duration, name) => activity.waiting(context.sleep(duration, name)),
    progress(fraction, at) {
      onlooker.reports(fraction, at);
      context.progress(fraction, at);
    },
  };
}
