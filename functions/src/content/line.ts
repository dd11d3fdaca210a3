import { z } from "zod";

/** Control characters, and marks that change the direction of what follows them: no part of a line of text. */
const HIDDEN = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u;

/** A short text on one line, with something in it. */
export const Line = (maxChars: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxChars)
    .refine((text) => !HIDDEN.test(text), { message: "has control characters" })
    .refine((text) => !/\p{Surrogate}/u.test(text), { message: "is not well-formed Unicode" });
