import { z } from "zod";

/** One of the texts this version knows, or one that a newer server has added. Editors still offer the known ones. */
export type Open<Known extends string> = Known | (string & Record<never, never>);

/** Reads any text as an `Open` one: servers may be newer than their clients. */
export function open<Known extends string>() {
  return z.custom<Open<Known>>((value) => typeof value === "string", "must be text");
}
