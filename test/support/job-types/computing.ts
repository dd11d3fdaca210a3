import { getPriority } from "node:os";
import { z } from "zod";
import {
  type ComputeScope,
  defineJob,
  PermanentError,
  RetryAfterError,
  RetryableError,
} from "../../../engine/src/job-types/define-job.ts";

/** Kinds of work that a processor or a heap does not stand. */
const HOGS: Readonly<Record<string, () => unknown>> = {
  "an endless loop": () => {
    for (let turns = 0; ; turns += 1) Math.sqrt(turns);
  },
  "a growing map": () => {
    const map = new Map<string, number>();
    for (let i = 0; ; i += 1) map.set(`word ${i}`, i);
  },
  "a growing list": () => {
    const list: number[][] = [];
    for (;;) list.push([Math.random(), Math.random()]);
  },
  "a huge array": () => new Array(5e7).fill(0).map((_, i) => i + 0.5),
  "buffers outside the heap": () => {
    const buffers: Buffer[] = [];
    for (;;) buffers.push(Buffer.alloc(2 ** 20, buffers.length));
  },
  "a promise that never settles": () => new Promise(() => undefined),
  "an exit": () => process.exit(3),
  "a SIGKILL from outside": () => {
    process.kill(process.pid, "SIGKILL");
    return new Promise(() => undefined);
  },
  "a heap that V8 cannot grow": () => {
    process.stderr.write("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n", () =>
      process.exit(134),
    );
    return new Promise(() => undefined);
  },
  "a late rejection": () => {
    setTimeout(() => void Promise.reject(new RetryableError("late", "too late")), 0);
    return new Promise(() => undefined);
  },
  "a function as output": () => () => 1,
};

const ERRORS: Readonly<Record<string, () => unknown>> = {
  permanent: () => new PermanentError("no-good", "It never works.", { cause: new TypeError("the cause") }),
  retryable: () => new RetryableError("busy", "Try again."),
  "retry-after": () => new RetryAfterError("later", "Try later.", { afterMs: 5000 }),
  plain: () => Object.assign(new RangeError("out of it"), { code: 42 }),
  circle: () => {
    const error = new Error("round");
    error.cause = error;
    return error;
  },
  text: () => "not an error",
  "of another copy": () => {
    const error = Object.assign(new Error("It never works."), { code: "no-good" });
    return Object.defineProperty(error, Symbol.for("baton.job-error"), { value: "permanent" });
  },
  "with an odd pause": () => new RetryAfterError("later", "Try later.", { at: (() => 1) as never }),
};

/** A job type whose compute functions behave well and badly. */
export const computing = defineJob({
  type: "test.computing",
  input: z.strictObject({ hog: z.string(), ms: z.int().default(0) }),
  output: z.unknown(),
  retry: { maxAttempts: 1 },
  computeLimits: { timeoutMs: 1000, memoryMb: 160 },
  compute: {
    double: (n: number, { progress }: ComputeScope) => {
      progress(0.5, "doubling");
      return 2 * n;
    },
    echo: (value: unknown) => value,
    report: (_: null, { progress }: ComputeScope) => {
      progress(Symbol("half") as never, (() => "half") as never);
      return "reported";
    },
    pid: () => process.pid,
    niceness: () => getPriority(),
    spin: (ms: number) => {
      const until = performance.now() + ms;
      while (performance.now() < until) Math.sqrt(until);
      return process.pid;
    },
    hog: (kind: string) => HOGS[kind]?.(),
    fail: (kind: string) => {
      throw ERRORS[kind]?.();
    },
  },
  run: async ({ compute }, { hog, ms }) => (ms > 0 ? await compute("spin", ms) : await compute("hog", hog)),
});
