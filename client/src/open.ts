import { z } from "zod";

/** A text of a known set, or one that a newer server adds. Editors offer the known texts. */
export type Open<Known extends string> = Known | (string & Record<never, never>);

/** Creates a schema that accepts any text as `Open`: a server may be newer than its clients. */
export function open<Known extends string>() {
  return z.custom<Open<Known>>((value) => typeof value === "string", "must be text");
}
