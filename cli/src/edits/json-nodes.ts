import type { Node } from "jsonc-parser";
import { indentOf, lineEndOf } from "./text-format.ts";

/*
 * Cuts and inserts texts beside the nodes of a JSON text. The library's own edits also format the lines around them,
 * and lose comments; here no other byte changes.
 */

/** Fills an empty object or array with texts, each on a line of its own. */
export function fillContainer(json: string, { type, offset, length }: Node, texts: readonly string[]): string {
  const margin = marginAt(json, offset);
  const lineEnd = lineEndOf(json);
  const lines = texts.map((text) => lineEnd + margin + indentOf(json) + text).join(",");
  const [open, close] = type === "array" ? "[]" : "{}";
  return `${json.slice(0, offset)}${open}${lines}${lineEnd}${margin}${close}${json.slice(offset + length)}`;
}

/**
 * Inserts texts behind the last child of an object or array, and behind a comment on its line. They have lines of their
 * own when `ownLines`, or when that child has.
 */
export function insertBehind(
  json: string,
  last: Node,
  texts: readonly string[],
  options: { ownLines: boolean },
): string {
  const end = last.offset + last.length;
  const [all = "", comma = "", comment = ""] = /^(,?)([ \t]*\/\/[^\r\n]*)?/.exec(json.slice(end)) ?? [];
  const isFirst = isFirstOfLine(json, last);
  const margin = marginAt(json, last.offset) + (isFirst ? "" : indentOf(json));
  const before = isFirst || options.ownLines ? lineEndOf(json) + margin : " ";
  return `${json.slice(0, end)},${comment}${texts.map((text) => before + text).join(",")}${comma}${json.slice(end + all.length)}`;
}

/** Inserts a text before a child of an object or array, on a line of its own when the child has one. */
export function insertBefore(json: string, next: Node, text: string): string {
  const between = isFirstOfLine(json, next) ? lineEndOf(json) + marginAt(json, next.offset) : " ";
  return `${json.slice(0, next.offset)}${text},${between}${json.slice(next.offset)}`;
}

/**
 * Takes children out of an object or array, each with the comma before it, or with the one behind it where none is left
 * before it. Comments between children stay.
 */
export function withoutNodes(json: string, container: Node, removed: ReadonlySet<Node>): string {
  const all = container.children ?? [];
  const firstKept = all.findIndex((child) => !removed.has(child));
  if (firstKept < 0) return emptied(json, container, all);
  let result = json;
  for (const [i, child] of [...all.entries()].reverse()) {
    if (!removed.has(child)) continue;
    const [previous, next] = [all[i - 1], all[i + 1]];
    if (i > firstKept && previous !== undefined) {
      const start = endOf(previous);
      const comment = json.slice(start, child.offset).replace(",", "").trimEnd();
      result = result.slice(0, start) + comment + result.slice(endOf(child));
    } else if (next !== undefined) {
      result = result.slice(0, child.offset) + result.slice(next.offset);
    }
  }
  return result;
}

function emptied(json: string, { offset, length }: Node, children: readonly Node[]): string {
  const [first, last] = [children[0], children.at(-1)];
  if (first === undefined || last === undefined) return json;
  const end = offset + length - 1;
  const rest = json.slice(offset + 1, first.offset) + json.slice(endOf(last), end).replace(/^\s*,/, "");
  return json.slice(0, offset + 1) + (rest.trim() === "" ? "" : rest) + json.slice(end);
}

/** A property as a text for an object beside whose child, or in which, it is put. */
export function propertyText(json: string, beside: Node, name: string, value: unknown): string {
  const isInLine = beside.type === "property" && !isFirstOfLine(json, beside);
  const depth = marginAt(json, beside.offset) + (beside.type === "property" ? "" : indentOf(json));
  return `${JSON.stringify(name)}: ${isInLine ? oneLine(value) : onLines(json, value, depth)}`;
}

/** A value in the place of a node, on as many lines as it needs. */
export function multiLine(json: string, node: Node, value: unknown): string {
  return onLines(json, value, marginAt(json, node.offset));
}

/** A value in one line, with blanks between its parts. */
export function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${oneLine(each)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function onLines(json: string, value: unknown, margin: string): string {
  return JSON.stringify(value, null, indentOf(json)).replaceAll("\n", lineEndOf(json) + margin);
}

function isFirstOfLine(json: string, node: Node): boolean {
  return /(?:^|\n)[ \t]*$/.test(json.slice(0, node.offset));
}

/** The blanks at the begin of the line of an offset. */
function marginAt(json: string, offset: number): string {
  const line = json.slice(json.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}
