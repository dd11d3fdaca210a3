import { z } from "zod";

/**
 * An `https` URL without a slash at its end, to which paths are added; `http` on this machine only: emulators and
 * tests.
 */
export const BaseUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => /^https:|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/i.test(url), "has to be https")
  .refine((url) => !/[?#@]/.test(url), "must not have a query, a fragment or a user name")
  .transform((url) => url.replace(/\/+$/, ""));

/** A whole number from `least` to `most`, written in decimal digits. `Number` would read an empty text as 0. */
export function wholeNumber(least: number, most: number) {
  return z
    .string()
    .regex(/^-?\d+$/, "is no whole number")
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}

/**
 * A setting whose text is JSON; the schema piped to it says which. Refuses the name __proto__, which schemas leave out
 * without a word.
 */
export const JsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text, (name, value: unknown) => {
      if (name === "__proto__") context.addIssue("has the name __proto__, which cannot be kept");
      return value;
    });
  } catch {
    context.addIssue("is not JSON");
    return z.NEVER;
  }
});

/** Settings by name: the environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings by a schema of them. Throws one error that names every setting that is missing or wrong; `of` says
 * whose they are.
 */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
  of: string,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new Error(`The settings of ${of} are not usable:\n${z.prettifyError(parsed.error)}`);
}
