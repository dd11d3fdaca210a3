import type { JSONPath } from "jsonc-parser";
import { VERSION } from "../versions.ts";
import type { Edit } from "./edit.ts";
import { appendJson, removeJson, setJson, valueAt } from "./json-text.ts";

/**
 * The predeploy step that makes the keys of webhooks where they are missing. `npx` gets the command where it is not
 * installed; the line holds nothing that a shell would expand, so it is the same for `sh` and `cmd`.
 */
export const KEYS_STEP = `npx --yes @baton/cli@${VERSION} keys`;

const OWN_STEP = /^npx --yes @baton\/cli@\S+ keys$/;
/** A team's own way to run the command, such as a step with options. */
const OTHER_STEP = /@baton\/cli(?:@\S+)? keys\b/;

/** Adds the predeploy step behind the others of a functions codebase, which stands at `place` in `firebase.json`. */
export function keysStepEdit(place: JSONPath): Edit {
  return { path: "firebase.json", add: (text) => withStep(text, place), remove: (text) => withoutStep(text, place) };
}

/** Says whether a deploy of the codebase at `place` makes the keys, and by the command of this release. */
export function keysStepState(text: string, place: JSONPath): "present" | "outdated" | "missing" {
  const steps = stepsOf(valueAt(text, [...place, "predeploy"]));
  const own = steps.find(isOwn);
  if (own !== undefined) return own === KEYS_STEP ? "present" : "outdated";
  return steps.some((step) => OTHER_STEP.test(step)) ? "present" : "missing";
}

function withStep(text: string, place: JSONPath): string {
  const state = keysStepState(text, place);
  if (state === "present") return text;
  const path = [...place, "predeploy"];
  const value = valueAt(text, path);
  if (state === "outdated") {
    return setJson(text, typeof value === "string" ? path : [...path, stepsOf(value).findIndex(isOwn)], KEYS_STEP);
  }
  const codebase = valueAt(text, place);
  if (typeof codebase === "string") return setJson(text, place, { source: codebase, predeploy: [KEYS_STEP] });
  if (Array.isArray(value)) return appendJson(text, path, [KEYS_STEP], { ownLines: false });
  return setJson(text, path, [...stepsOf(value), KEYS_STEP]);
}

function withoutStep(text: string, place: JSONPath): string {
  const path = [...place, "predeploy"];
  const steps = stepsOf(valueAt(text, path));
  if (steps.length > 0 && steps.every(isOwn)) return removeJson(text, place, ["predeploy"]);
  return removeJson(
    text,
    path,
    steps.flatMap((step, i) => (isOwn(step) ? [i] : [])),
  );
}

/** The steps of `predeploy`, which is a text, a list of texts, or absent. */
function stepsOf(value: unknown): string[] {
  return [value].flat().filter((step) => typeof step === "string");
}

function isOwn(step: string): boolean {
  return OWN_STEP.test(step);
}
