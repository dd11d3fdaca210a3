import { inspect } from "node:util";
import { storableText } from "../kit/payload-limits.ts";
import type { Log } from "../kit/ports.ts";
import { toJson } from "../kit/to-json.ts";

/**
 * Cloud Logging's structured lines (https://cloud.google.com/logging/docs/structured-logging). Errors among the fields
 * are written with their stack and causes, in a field of their own. Never throws, whatever the fields hold.
 */
export const cloudLog: Log = {
  info: (message, fields) => console.info(JSON.stringify({ severity: "INFO", message, ...loggable(fields) })),
  warn: (message, fields) => console.warn(JSON.stringify({ severity: "WARNING", message, ...loggable(fields) })),
  error: (message, fields) => console.error(JSON.stringify({ severity: "ERROR", message, ...loggable(fields) })),
};

/**
 * Of one field, so that a line stays well below the 256 KiB that an entry may have
 * (https://cloud.google.com/logging/quotas).
 */
const MAX_FIELD_CHARACTERS = 32_000;
/** Errors of one chain of causes and aggregates that are described. */
const MAX_ERRORS = 20;

/** The fields as JSON that any logger can write: errors as text, and everything that JSON cannot carry as text, too. */
export function loggable(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fieldOf(key, value)]));
}

function fieldOf(key: string, value: unknown): unknown {
  // A thrown undefined or null is a fact, not an absent field.
  if (key === "error" || isError(value)) return cut(describe(value));
  const json = toJson(value);
  if (typeof value === "string") return cut(value);
  return "value" in json ? json.value : cut(inspected(value));
}

/** The stacks of an error, of its causes and of the errors it stands for, each once. */
function describe(thrown: unknown): string {
  const seen = new Set<unknown>();
  const lines: string[] = [];
  const waiting: [prefix: string, thrown: unknown][] = [["", thrown]];
  for (let next = waiting.shift(); next && seen.size < MAX_ERRORS; next = waiting.shift()) {
    const [prefix, error] = next;
    const isKnown = seen.has(error);
    lines.push(`${prefix}${isKnown ? "an error above" : own(error)}`);
    if (isKnown || !isError(error)) continue;
    seen.add(error);
    const errors = read(error, "errors");
    if (Array.isArray(errors)) for (const one of errors.slice(0, MAX_ERRORS)) waiting.push(["together with ", one]);
    const cause = read(error, "cause");
    if (cause !== undefined) waiting.unshift(["caused by ", cause]);
  }
  return lines.join("\n");
}

function own(thrown: unknown): string {
  if (!isError(thrown)) return typeof thrown === "string" ? thrown : inspected(thrown);
  const [stack, name, message] = [read(thrown, "stack"), read(thrown, "name"), read(thrown, "message")];
  const said = `${typeof name === "string" ? name : "Error"}: ${typeof message === "string" ? message : "(no message)"}`;
  if (typeof stack !== "string" || stack === "") return said;
  // A message that was changed after the stack was written, or a stack that was put in its place, does not hold it.
  return typeof message === "string" && !stack.includes(message) ? `${said}\n${stack}` : stack;
}

function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
  } catch {
    return false;
  }
}

function read(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** `inspect` neither calls getters nor asks proxies. */
function inspected(value: unknown): string {
  try {
    return inspect(value, {
      depth: 4,
      customInspect: false,
      maxArrayLength: 50,
      maxStringLength: 2000,
      getters: false,
    });
  } catch {
    return `a value that cannot be shown (${typeof value})`;
  }
}

function cut(text: string): string {
  return text.length <= MAX_FIELD_CHARACTERS ? text : `${storableText(text, MAX_FIELD_CHARACTERS)}…`;
}
