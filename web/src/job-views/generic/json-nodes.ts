import type { JsonValue } from "@baton/protocol";

/** Members that an open node shows at first, and how many more each time. */
export const MEMBERS_SHOWN = 100;

/** Gives the members of an array or object with their names; undefined for a value that has no members. */
export function membersOf(value: JsonValue): [name: string, member: JsonValue][] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const members = Array.isArray(value)
    ? value.map((member, index): [string, JsonValue] => [String(index), member])
    : Object.entries(value);
  return members.length === 0 ? undefined : members;
}

/** Says in a few characters what a closed node holds: `[3]`, `{a, b, c}`. */
export function outlineOf(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const names = Object.keys(value);
  const shown = names.slice(0, 5).map((name) => (name.length > 20 ? `${name.slice(0, 20)}…` : name));
  return `{${shown.join(", ")}${names.length > 5 ? ", …" : ""}}`;
}
