import {
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  type Node,
  type ParseError,
  parse,
  parseTree,
} from "jsonc-parser";
import {
  fillContainer,
  insertBefore,
  insertBehind,
  multiLine,
  oneLine,
  propertyText,
  withoutNodes,
} from "./json-nodes.ts";
import { besideByteOrderMark } from "./text-format.ts";

/** The Firebase CLI reads comments, too. */
const READ = { allowTrailingComma: true };

/** Reads JSON with comments. Undefined when the text is no such JSON. */
export function parseJson(text: string): { value: unknown } | undefined {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ""), errors, READ);
  return errors.length > 0 ? undefined : { value };
}

/** The value at a path; undefined when there is none. */
export function valueAt(text: string, path: JSONPath): unknown {
  const node = nodeAt(text.replace(/^\uFEFF/, ""), path);
  return node && getNodeValue(node);
}

/** Says where the first mistake is in a text that `parseJson` does not read. */
export function placeOfMistake(text: string): string {
  const errors: ParseError[] = [];
  parse(text.replace(/^\uFEFF/, ""), errors, READ);
  const lines = text.slice(0, errors[0]?.offset ?? 0).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

/**
 * Sets a value at a path, and leaves every other byte as it is. A missing property is made: among sorted names at its
 * place when `sorted`, else as the last one.
 */
export function setJson(text: string, path: JSONPath, value: unknown, options: { sorted?: boolean } = {}): string {
  return besideByteOrderMark(text, (json) => {
    const node = nodeAt(json, path);
    if (node !== undefined) {
      const end = json.slice(node.offset + node.length);
      return json.slice(0, node.offset) + multiLine(json, node, value) + end;
    }
    const parentPath = path.slice(0, -1);
    const name = String(path.at(-1));
    const parent = nodeAt(json, parentPath);
    if (parent === undefined) return setJson(json, parentPath, { [name]: value });
    return insertProperty(json, parent, name, value, options.sorted === true);
  });
}

/**
 * Adds values to the end of the array at a path, each on a line of its own; without `ownLines` only where the value before
 * it has one. The array is made where it is missing.
 */
export function appendJson(
  text: string,
  path: JSONPath,
  values: readonly unknown[],
  options: { ownLines: boolean } = { ownLines: true },
): string {
  if (values.length === 0) return text;
  return besideByteOrderMark(text, (json) => {
    const made = nodeAt(json, path) === undefined ? setJson(json, path, []) : json;
    const array = nodeAt(made, path);
    if (array?.type !== "array") throw new Error(`There is no array at ${path.join("/")}.`);
    const texts = values.map(oneLine);
    const last = array.children?.at(-1);
    return last === undefined ? fillContainer(made, array, texts) : insertBehind(made, last, texts, options);
  });
}

/** Removes children, by name or place, of the object or array at a path. One that is then empty has nothing between its brackets. */
export function removeJson(text: string, path: JSONPath, children: readonly (string | number)[]): string {
  return besideByteOrderMark(text, (json) => {
    const container = nodeAt(json, path);
    if (container === undefined) return json;
    const all = container.children ?? [];
    const removed = all.filter((child, i) => children.includes(nameOf(child) ?? i));
    return removed.length === 0 ? json : withoutNodes(json, container, new Set(removed));
  });
}

function insertProperty(json: string, parent: Node, name: string, value: unknown, sorted: boolean): string {
  const children = parent.children ?? [];
  const last = children.at(-1);
  if (last === undefined) return fillContainer(json, parent, [propertyText(json, parent, name, value)]);
  const names = children.map((child) => nameOf(child) ?? "");
  const isSorted = names.every((each, i) => i === 0 || (names[i - 1] ?? "") <= each);
  const next = sorted && isSorted ? children[names.findIndex((each) => each > name)] : undefined;
  const text = propertyText(json, next ?? last, name, value);
  return next === undefined ? insertBehind(json, last, [text], { ownLines: false }) : insertBefore(json, next, text);
}

function nameOf({ type, children }: Node): string | undefined {
  return type === "property" ? String(children?.[0]?.value) : undefined;
}

function nodeAt(json: string, path: JSONPath): Node | undefined {
  const tree = parseTree(json, [], READ);
  return tree && findNodeAtLocation(tree, path);
}
