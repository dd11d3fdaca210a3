import { z } from "zod";

/** Any value that JSON can carry. */
export const JsonValue = z.json();
export type JsonValue = z.infer<typeof JsonValue>;
