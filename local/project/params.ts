import { z } from "zod";
import { DEFAULT_REGION } from "../manifest/default-region.ts";
import { LocalCloudError } from "../problem.ts";
import { bucketOf } from "../secrets.ts";

/** A parameter that a codebase declares, e.g. by `defineString`. */
export const Param = z.looseObject({
  name: z.string(),
  type: z.string().default("string"),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
});
export type Param = z.infer<typeof Param>;

/** The values of a codebase's parameters, as the environment holds them. */
export type ParamValues = Readonly<Record<string, string>>;

/** The values of a codebase's parameters. */
export interface ResolvedParams {
  /** Those that the code declares: its functions get them as variables. */
  declared: ParamValues;
  /** With those that the Firebase CLI knows of itself, such as `PROJECT_ID`. */
  all: ParamValues;
}

/** Baton asks for its region. */
const LOCAL_VALUES: ParamValues = { BATON_REGION: DEFAULT_REGION };

/**
 * Finds the value of each parameter: of `variables`, else its default. Secrets are no part of it. Throws a
 * `LocalCloudError` that names every parameter without a value.
 */
export function resolveValues(params: readonly Param[], variables: ParamValues, projectId: string): ResolvedParams {
  const internal = {
    PROJECT_ID: projectId,
    GCLOUD_PROJECT: projectId,
    STORAGE_BUCKET: bucketOf(projectId),
    DATABASE_URL: `https://${projectId}-default-rtdb.firebaseio.com`,
  };
  const declared: Record<string, string> = {};
  const missing: string[] = [];
  for (const param of params.filter(({ type }) => type !== "secret")) {
    const known = { ...internal, ...declared };
    const value = variables[param.name] ?? defaultOf(param, known) ?? LOCAL_VALUES[param.name];
    if (value === undefined) missing.push(param.name);
    else declared[param.name] = value;
  }
  if (missing.length > 0) {
    const lines = missing.map((name) => `${name}=`).join(", ");
    throw new LocalCloudError(`These parameters have no value; put it into .env.local beside the functions: ${lines}`);
  }
  return { declared, all: { ...internal, ...declared } };
}

function defaultOf(param: Param, values: ParamValues): string | undefined {
  const { default: fallback } = param;
  if (fallback === undefined) return undefined;
  if (Array.isArray(fallback)) return JSON.stringify(fallback);
  return String(resolveText(String(fallback), values));
}

/**
 * Replaces the expressions over parameters, such as `{{ params.REGION }}`, in every text of a manifest by their values.
 * An expression that is a whole text becomes a number or a boolean where its value reads as one.
 */
export function resolveParams(manifest: unknown, values: ParamValues): unknown {
  if (Array.isArray(manifest)) return manifest.map((each) => resolveParams(each, values));
  if (typeof manifest === "object" && manifest !== null)
    return Object.fromEntries(Object.entries(manifest).map(([name, each]) => [name, resolveParams(each, values)]));
  return typeof manifest === "string" ? resolveText(manifest, values) : manifest;
}

const EXPRESSION = /\{\{ .+? \}\}/g;

function resolveText(text: string, values: ParamValues): string | number | boolean {
  if (!text.includes("{{ ")) return text;
  const resolved = text.replace(EXPRESSION, (expression) => evaluate(expression, values));
  const isWhole = text.replace(EXPRESSION, "") === "";
  if (!isWhole) return resolved;
  if (resolved === "true" || resolved === "false") return resolved === "true";
  return /^-?\d+(\.\d+)?$/.test(resolved) ? Number(resolved) : resolved;
}

const CHOICE = /^(.+?) \? (.+?) : (.+)$/;
const COMPARISON = /^(.+?) (==|!=|>=|<=|>|<) (.+)$/;

/**
 * Evaluates one expression as the Firebase CLI does: a parameter, a comparison, or a choice by one. Source:
 * https://firebase.google.com/docs/functions/config-env#params
 */
function evaluate(expression: string, values: ParamValues): string {
  const text = expression.slice("{{ ".length, -" }}".length).trim();
  const choice = CHOICE.exec(text);
  if (choice === null) return condition(text, values);
  const [, test = "", yes = "", no = ""] = choice;
  return operand(condition(test, values) === "true" ? yes : no, values);
}

function condition(text: string, values: ParamValues): string {
  const comparison = COMPARISON.exec(text);
  if (comparison === null) return operand(text, values);
  const [, leftText = "", operator = "", rightText = ""] = comparison;
  const [left, right] = [operand(leftText, values), operand(rightText, values)];
  const order = left === right ? 0 : compare(left, right);
  const holds = { "==": order === 0, "!=": order !== 0, ">=": order >= 0, "<=": order <= 0, ">": order > 0 }[operator];
  return String(holds ?? order < 0);
}

function compare(left: string, right: string): number {
  const difference = Number(left) - Number(right);
  return Number.isNaN(difference) ? (left < right ? -1 : 1) : difference;
}

function operand(text: string, values: ParamValues): string {
  const name = /^params\.(\w+)$/.exec(text.trim())?.[1];
  if (name === undefined) return text.trim().replace(/^"(.*)"$/, "$1");
  const value = values[name];
  if (value !== undefined) return value;
  throw new LocalCloudError(`A function's settings name the parameter ${name}, which the code does not declare.`);
}
