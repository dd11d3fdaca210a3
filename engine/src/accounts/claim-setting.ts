import { z } from "zod";
import type { ClaimValue } from "./access.ts";

/**
 * Claims that Firebase or the sign-in provider sets, so that a user may choose their value:
 * https://firebase.google.com/docs/rules/rules-and-auth#identify_users
 */
const SET_FOR_EVERYBODY = new Set(
  (
    "acr amr at_hash aud auth_time azp c_hash cnf email email_verified exp firebase iat iss jti name nbf nonce " +
    "phone_number picture provider_id sub uid user_id"
  ).split(" "),
);

/** The name of a custom claim: one that a user cannot give themselves. */
export const ClaimName = z
  .string()
  .min(1)
  .max(128)
  .refine((name) => name.trim() === name, "begins or ends with a blank")
  .refine((name) => !SET_FOR_EVERYBODY.has(name), "is a claim that Firebase sets; name a custom claim");

const Value = z.union([z.string().min(1).max(1000), z.number(), z.boolean()]);

/** One custom claim as an object: `{"batonRole": "admin"}`. */
export const ClaimObject = z
  .record(ClaimName, Value)
  .refine((claims) => Object.keys(claims).length === 1, "names exactly one claim")
  .transform((claims): ClaimValue => {
    const [[name, value] = ["", ""]] = Object.entries(claims);
    return { name, value };
  });

/** One custom claim as text: `batonRole=admin`, or the JSON of an object where the value is a number or a boolean. */
export const ClaimText = z
  .string()
  .transform((text, context): unknown => {
    const [, name, value] = /^([^={]+)=(.+)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return { [name.trim()]: value.trim() };
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue("is neither name=value nor JSON");
      return z.NEVER;
    }
  })
  .pipe(ClaimObject);
