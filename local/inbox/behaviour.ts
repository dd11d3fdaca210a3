import { z } from "zod";

/** An answer of the inbox. `never`: the sender waits in vain. */
export interface Answer {
  status: number | "never";
  /** Header `Retry-After`, as it is. */
  retryAfter?: string;
  /** Milliseconds until the answer; 0: at once. */
  delayMs: number;
}

/** The answer to requests to one path: to the next `times` of them, or `always`, until it is switched back. */
export interface Behaviour extends Answer {
  times: number | "always";
}

/** The answer of a path that was not switched. */
const USUAL: Answer = { status: 200, delayMs: 0 };

/** As a request has it: `/ü?x` is the path `/%C3%BC`. */
const Path = z
  .string()
  .startsWith("/")
  .max(2048)
  .transform((path) => new URL(`http://local${path}`).pathname);
const HeaderValue = z.string().regex(/^[\x20-\x7e]{1,100}$/, "must be 1 to 100 printable characters");
const Times = z.union([z.int().min(1).max(1_000_000), z.literal("always")]);

/** Body of `POST /_inbox/behaviour`. `{"path": "/a", "status": 200, "times": "always"}` switches a path back. */
export const BehaviourRequest = z.strictObject({
  path: Path,
  status: z.union([z.int().min(200).max(599), z.literal("never")]).default(200),
  retryAfter: HeaderValue.exactOptional(),
  delayMs: z.int().min(0).max(3_600_000).default(0),
  times: Times.default(1),
});
export type BehaviourRequest = z.infer<typeof BehaviourRequest>;

/** The fields of the page's form, all of them text; gives what `BehaviourRequest` does. */
export const BehaviourForm = z
  .object({
    path: Path,
    answer: z.enum(["200", "500", "410", "429", "slow", "never"]),
    seconds: z.coerce.number().int().min(0).max(3600).default(30),
    times: z.union([z.literal("always"), z.coerce.number().pipe(z.int().min(1).max(1_000_000))]),
  })
  .transform(({ path, answer, seconds, times }): BehaviourRequest => {
    if (answer === "slow") return { path, status: 200, delayMs: seconds * 1000, times };
    if (answer === "never") return { path, status: "never", delayMs: 0, times };
    const status = Number(answer);
    return { path, status, delayMs: 0, times, ...(status === 429 && { retryAfter: String(seconds) }) };
  });

/** In a few words, for a person: `429, Retry-After: 120`. */
export function answerText({ status, retryAfter, delayMs }: Answer): string {
  if (status === "never") return "no answer";
  const parts = [String(status)];
  if (retryAfter !== undefined) parts.push(`Retry-After: ${retryAfter}`);
  if (delayMs > 0) parts.push(`after ${delayMs / 1000} s`);
  return parts.join(", ");
}

/** The answers of all paths. In memory. */
export interface Behaviours {
  set(path: string, behaviour: Behaviour): void;
  /** Takes the answer to one request to `path`, which uses up one of its times. */
  next(path: string): Answer;
  /** The paths that answer otherwise than usual, in the order they were told to. */
  list(): { path: string; behaviour: Behaviour }[];
}

export function createBehaviours(): Behaviours {
  const byPath = new Map<string, Behaviour>();
  return {
    set(path, behaviour) {
      byPath.delete(path);
      const isUsual = behaviour.status === 200 && behaviour.delayMs === 0 && behaviour.retryAfter === undefined;
      if (!isUsual) byPath.set(path, behaviour);
    },
    next(path) {
      const behaviour = byPath.get(path);
      if (behaviour === undefined) return USUAL;
      const { times, ...answer } = behaviour;
      if (times === 1) byPath.delete(path);
      else if (times !== "always") byPath.set(path, { ...behaviour, times: times - 1 });
      return answer;
    },
    list: () => [...byPath].map(([path, behaviour]) => ({ path, behaviour })),
  };
}
