import { z } from "zod";

/** A setting whose text is JSON; the schema piped to it says which. Refuses the name __proto__, which schemas leave out without a word. */
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
