import type { Expression } from "firebase-functions/params";

/**
 * A parameter, which an operator decides: the Firebase CLI asks for its value, as for that of
 * `defineInt("BATON_WORKERS", { default: 20 })`.
 */
export type Parameter<T extends string | number> = Expression<T>;

/** A value in the code, or a parameter. */
export type Setting<T extends string | number> = T | Parameter<T>;

/** True for a parameter, of any copy of the SDK. */
export function isParameter<Value>(value: Value): value is Extract<Value, { toCEL(): string }> {
  return typeof value === "object" && value !== null && "toCEL" in value && "value" in value;
}

/**
 * Gives the value of a setting. A parameter has one only in the process of a function; before, where functions are
 * declared, the answer is undefined.
 */
export function settingValue<T extends string | number>(setting: Setting<T>, isRunning: boolean): T | undefined {
  if (typeof setting !== "object") return setting;
  return isRunning ? setting.value() : undefined;
}
