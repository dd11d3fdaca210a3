import { applyEdits, findNodeAtLocation, type JSONPath, modify, type Node, type ParseError, parse, parseTree } from "jsonc-parser";
import { besideByteOrderMark, indentOf, lineEndOf } from "./text-format.ts";

/** The Firebase CLI reads comments, and jsonc-parser trailing commas, too. */
const READ = { allowTrailingComma: true, allowEmptyContent: false };

/** Reads JSON with comments. Undefined when the text is no such JSON. */
export function parseJson(text: string): { value: unknown } | undefined {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, READ);
  return errors.length > 0 ? undefined : { value };
}

/** Sets a value at a path, and leaves every other byte as it is. `before` names the property before which a new one goes. */
export function setJson(text: string, path: JSONPath, value: unknown, options: { sorted?: boolean } = {}): string {
  return besideByteOrderMark(text, (json) => {
    const insertion = options.sorted ? { getInsertionIndex: sortedPlace(path) } : {};
    return applyEdits(json, modify(json, path, value, { ...formatOf(json), ...insertion }));
  });
}

/** Adds values to the end of the array at a path, each on a line of its own. The array is made where it is missing. */
export function appendJson(text: string, path: JSONPath, values: readonly unknown[]): string {
  if (values.length === 0) return text;
  return besideByteOrderMark(text, (json) => {
    const given = nodeAt(json, path);
    const made = given === undefined ? applyEdits(json, modify(json, path, [], formatOf(json))) : json;
    const array = given ?? nodeAt(made, path);
    if (array?.type !== "array") throw new Error(`There is no array at ${path.join("/")}.`);
    const last = array.children?.at(-1);
    return last === undefined ? fillArray(made, array, values) : insertBehind(made, last, values);
  });
}

function fillArray(json: string, { offset, length }: Node, values: readonly unknown[]): string {
  const margin = marginAt(json, offset);
  const lines = linesOf(json, values, margin + indentOf(json));
  return `${json.slice(0, offset)}[${lines}${lineEndOf(json)}${margin}]${json.slice(offset + length)}`;
}

/** Inserts values behind the last one of an array, and behind a comment on that one's line. */
function insertBehind(json: string, last: Node, values: readonly unknown[]): string {
  const end = last.offset + last.length;
  const margin = marginAt(json, last.offset);
  const isFirstOfLine = json.slice(0, last.offset).endsWith(`\n${margin}`);
  const lines = linesOf(json, values, isFirstOfLine ? margin : margin + indentOf(json));
  const [all = "", comma = "", comment = ""] = /^(,?)([ \t]*\/\/[^\r\n]*)?/.exec(json.slice(end)) ?? [];
  return `${json.slice(0, end)},${comment}${lines}${comma}${json.slice(end + all.length)}`;
}

/** The blanks at the begin of the line of an offset. */
function marginAt(json: string, offset: number): string {
  const line = json.slice(json.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function linesOf(json: string, values: readonly unknown[], indent: string): string {
  return values.map((value) => lineEndOf(json) + indent + inOneLine(value)).join(",");
}

function inOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${inOneLine(each)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** Removes the values at these paths, the last one first. An object or array that is then empty has nothing between its brackets. */
export function removeJson(text: string, paths: readonly JSONPath[]): string {
  return besideByteOrderMark(text, (json) => {
    let result = json;
    for (const path of paths.toReversed()) {
      const value = nodeAt(result, path);
      const node = value?.parent?.type === "property" ? value.parent : value;
      if (node === undefined) continue;
      result = withoutBlanks(withoutNode(result, node), path.slice(0, -1));
    }
    return result;
  });
}

/** Takes out a node with the comma before it, or behind it where it is the first one; a comment between it and the one before stays. */
function withoutNode(json: string, node: Node): string {
  const siblings = node.parent?.children ?? [node];
  const place = siblings.findIndex(({ offset }) => offset === node.offset);
  const [previous, next] = [siblings[place - 1], siblings[place + 1]];
  const end = node.offset + node.length;
  if (previous !== undefined) {
    const start = previous.offset + previous.length;
    const between = json.slice(start, node.offset).replace(",", "").trimEnd();
    return json.slice(0, start) + between + json.slice(end);
  }
  if (next !== undefined) return json.slice(0, node.offset) + json.slice(next.offset);
  return json.slice(0, node.offset) + json.slice(end).replace(/^\s*,/, "");
}

function withoutBlanks(json: string, path: JSONPath): string {
  const node = nodeAt(json, path);
  if (node === undefined || (node.children?.length ?? 0) > 0) return json;
  const inside = json.slice(node.offset + 1, node.offset + node.length - 1);
  if (inside.trim() !== "") return json;
  return json.slice(0, node.offset + 1) + json.slice(node.offset + node.length - 1);
}

function nodeAt(json: string, path: JSONPath): Node | undefined {
  const tree = parseTree(json, [], READ);
  return tree && findNodeAtLocation(tree, path);
}

/** Among sorted names the place of the last one of `path`; behind all others where they are in no order. */
function sortedPlace(path: JSONPath) {
  const name = String(path.at(-1));
  return (names: string[]) => {
    const isSorted = names.every((each, i) => i === 0 || (names[i - 1] ?? "") <= each);
    const place = names.findIndex((each) => each > name);
    return isSorted && place >= 0 ? place : names.length;
  };
}

function formatOf(json: string) {
  const indent = indentOf(json);
  return {
    formattingOptions: { insertSpaces: indent !== "\t", tabSize: indent.length, eol: lineEndOf(json) },
  };
}
