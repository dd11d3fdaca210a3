import type { ProblemIssue } from "@baton/protocol";
import type { z } from "zod";

type ZodIssue = z.core.$ZodIssue;

/** Turns what zod found into places and sentences. Pointers are RFC 6901, below `base` (`""` is the whole body). */
export function bodyIssues(issues: readonly ZodIssue[], base = ""): ProblemIssue[] {
  return describe(issues, (path) => base + pointerTo(...path));
}

/** The same for query parameters: places read `?name`. */
export function queryIssues(issues: readonly ZodIssue[]): ProblemIssue[] {
  return describe(issues, (path) => `?${path.map(String).join(".")}`);
}

/** One sentence for people who read no list: the first issue, and how many more there are. */
export function summary(errors: readonly ProblemIssue[]): string {
  const [first, ...more] = errors;
  if (!first) return "See the documentation of this request.";
  const others =
    more.length === 0 ? "" : ` There ${more.length === 1 ? "is 1 more" : `are ${more.length} more`}: see errors.`;
  return `${first.pointer === "" ? "The body" : first.pointer}: ${ended(first.message)}${others}`;
}

/** Job types' own messages may be whole sentences, of any language. */
function ended(message: string): string {
  const text = message.trim();
  return /\p{Sentence_Terminal}["'”’)»]*$|…$/u.test(text) ? text : `${text}.`;
}

function describe(issues: readonly ZodIssue[], place: (path: PropertyKey[]) => string): ProblemIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [{ pointer: place(issue.path), message: message(issue) }];
    return issue.keys.map((key) => ({ pointer: place([...issue.path, key]), message: "there is no such field" }));
  });
}

function message(issue: ZodIssue): string {
  if (isMissing(issue)) return "is required";
  if (issue.code === "invalid_union") return "has none of the forms allowed here";
  if (issue.code === "invalid_key")
    return `has a name that is not allowed: ${issue.issues[0]?.message ?? issue.message}`;
  return issue.message;
}

/** A value that is missing where one of several forms may stand is missing in each of them. */
function isMissing(issue: ZodIssue): boolean {
  if (issue.code === "invalid_type" || issue.code === "custom") return issue.message.endsWith("received undefined");
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return false;
  return issue.errors.every(([first]) => first !== undefined && first.path.length === 0 && isMissing(first));
}

/** The RFC 6901 pointer to a place below the body. */
export function pointerTo(...segments: PropertyKey[]): string {
  return segments.map((segment) => `/${escapeSegment(segment)}`).join("");
}

function escapeSegment(segment: PropertyKey): string {
  return String(segment).replaceAll("~", "~0").replaceAll("/", "~1");
}
