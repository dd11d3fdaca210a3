/**
 * Why a value cannot be kept: `pointer` (RFC 6901) is the place within it; `problem` completes "the value there ...", or is the
 * size of what is too large.
 */
export interface Fault {
  kind: "not-allowed" | "too-large";
  pointer: string;
  problem: string;
}

/** The outcome of a copy: the value, or the first fault in it. */
export type Copied<T = unknown> = { value: T } | { fault: Fault };

/** Decides what a copy may contain. */
export interface CopyRules {
  /** Answers what stands in the copy for a value that is no plain object and no array. Throws `FaultFound` to refuse it. */
  leaf(value: unknown, place: { isArrayItem: boolean; depth: number }): unknown;
  /** Throws `FaultFound` to refuse the name of a field. */
  fieldName?(name: string): void;
  /** What stands for an array item that is undefined. A field that is undefined is left out of its object. */
  undefinedItem(): unknown;
  /** Objects and arrays within one another; the outermost counts as 1. */
  maxDepth: number;
  /** Values, characters of texts and characters of field names, taken together. */
  maxWeight: number;
  allowsNestedArrays: boolean;
}

/** Stops a copy at the current place. */
export class FaultFound extends Error {
  readonly kind: Fault["kind"];
  constructor(problem: string, kind: Fault["kind"] = "not-allowed") {
    super(problem);
    this.name = "FaultFound";
    this.kind = kind;
  }
}

/** An object or array that the walk is within. */
interface Frame {
  source: object;
  copy: Record<string, unknown> | unknown[];
  names: readonly string[];
  next: number;
  depth: number;
  up: Frame | undefined;
  /** Its own name within `up`. */
  name: string;
}

/**
 * Copies a value of plain objects and arrays, or answers where and why it cannot. Reads every property once, so getters and
 * proxies are settled in the copy. Never throws, whatever the value does. Walks without recursion: depth costs no stack.
 * A value that is shared, but does not contain itself, is copied at each of its places.
 */
export function copyPlain(root: unknown, rules: CopyRules): Copied {
  const open = new Set<object>();
  let weight = 0;
  let top: Frame | undefined;
  let current = "";

  const weigh = (more: number) => {
    weight += more;
    if (weight > rules.maxWeight) throw new FaultFound(`more than ${rules.maxWeight} bytes`, "too-large");
  };
  const enter = (value: unknown): unknown => {
    weigh(typeof value === "string" ? value.length + 1 : 1);
    const depth = (top?.depth ?? 0) + 1;
    const isArrayItem = top !== undefined && Array.isArray(top.copy);
    if (!isContainer(value)) return rules.leaf(value, { isArrayItem, depth });
    if (open.has(value)) throw new FaultFound("contains itself");
    if (depth > rules.maxDepth) throw new FaultFound(`nests deeper than ${rules.maxDepth} levels`);
    const isArray = Array.isArray(value);
    if (isArray && isArrayItem && !rules.allowsNestedArrays) throw new FaultFound("is an array directly in an array");
    const names = isArray ? indexesOf(value, weigh) : fieldsOf(value);
    const copy = isArray ? [] : {};
    top = { source: value, copy, names, next: 0, depth, up: top, name: current };
    open.add(value);
    return copy;
  };
  const step = (frame: Frame) => {
    const name = frame.names[frame.next++];
    if (name === undefined) {
      open.delete(frame.source);
      top = frame.up;
      return;
    }
    current = name;
    const value: unknown = Reflect.get(frame.source, name);
    if (Array.isArray(frame.copy)) frame.copy.push(value === undefined ? rules.undefinedItem() : enter(value));
    else if (value !== undefined) {
      checkName(name, rules);
      weigh(name.length + 1);
      frame.copy[name] = enter(value);
    }
  };

  try {
    const value = enter(root);
    while (top) step(top);
    return { value };
  } catch (error) {
    return { fault: faultAt(pointerOf(top, current), error) };
  }
}

function isContainer(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  return Array.isArray(value) || isPlainObject(value);
}

/** True for an object literal, one without a prototype, and one of another realm; false for an instance of any class. May throw for a proxy. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  if (typeof prototype !== "object") return false;
  const isOfObject = Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
  return isOfObject && Object.prototype.toString.call(value) === "[object Object]";
}

function indexesOf(array: readonly unknown[], weigh: (more: number) => void): string[] {
  refuseSymbols(array);
  const { length } = array;
  const names = Object.keys(array);
  const last = names.at(-1);
  if (names.length > length || (last !== undefined && String(Number(last)) !== last)) {
    throw new FaultFound(`is an array with a field named ${JSON.stringify(last)}`);
  }
  if (names.length < length) throw new FaultFound("is an array with empty places");
  weigh(length);
  return names;
}

function fieldsOf(value: object): string[] {
  refuseSymbols(value);
  return Object.keys(value);
}

function refuseSymbols(value: object): void {
  const isEnumerable = (symbol: symbol) => Object.getOwnPropertyDescriptor(value, symbol)?.enumerable;
  const symbol = Object.getOwnPropertySymbols(value).find(isEnumerable);
  if (symbol !== undefined) throw new FaultFound(`has a field whose name is a symbol, ${String(symbol)}`);
}

/** Schemas and databases drop the name without a word, or take it for the prototype. */
function checkName(name: string, rules: CopyRules): void {
  if (name === "__proto__") throw new FaultFound("has the name __proto__, which cannot be kept");
  rules.fieldName?.(name);
}

function pointerOf(top: Frame | undefined, current: string): string {
  if (!top) return "";
  const names = [current];
  for (let frame: Frame | undefined = top; frame?.up; frame = frame.up) names.push(frame.name);
  return pointerTo(names.reverse());
}

/** The RFC 6901 pointer to a place. */
export function pointerTo(names: readonly PropertyKey[]): string {
  return names.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function faultAt(pointer: string, error: unknown): Fault {
  if (isFaultFound(error)) return { kind: error.kind, pointer, problem: error.message };
  return { kind: "not-allowed", pointer, problem: "cannot be read: reading it throws an error" };
}

function isFaultFound(error: unknown): error is FaultFound {
  try {
    return error instanceof FaultFound;
  } catch {
    return false;
  }
}
