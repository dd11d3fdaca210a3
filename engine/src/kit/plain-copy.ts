/**
 * The reason why a value cannot be kept. `pointer` (RFC 6901) is the place within it; `problem` completes "the value
 * there ...", or is the size of what is too large.
 */
export interface Fault {
  kind: "not-allowed" | "too-large";
  pointer: string;
  problem: string;
}

/** The outcome of a copy: the value, or the first fault in it. */
export type Copied<T = unknown> = { value: T } | { fault: Fault };

/** The position of a value. `isInArray`: directly, or within an object in one. */
export interface Place {
  isInArray: boolean;
  /** The outermost value has 1. */
  depth: number;
}

/** Decides what a copy may contain. */
export interface CopyRules {
  /**
   * Answers what stands in the copy for a value that is no plain object and no array. Throws `FaultFound` to refuse it.
   */
  leaf(value: unknown, place: Place): unknown;
  /** Throws `FaultFound` to refuse the name of a field. */
  fieldName?(name: string): void;
  /** Replaces an array item that is undefined. A field that is undefined is left out of its object. */
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
  place: Place;
  up: Frame | undefined;
  /** Its own name within `up`. */
  name: string;
}

/** The progress of a walk through a value. */
interface Walk {
  readonly rules: CopyRules;
  /** The objects that the walk is within: a value that meets one of these contains itself. */
  readonly open: Set<object>;
  weight: number;
  /** The innermost of them. */
  top: Frame | undefined;
  /** The name of the value that is looked at, within `top`. */
  name: string;
}

/**
 * Copies a value of plain objects and arrays, or answers where and why it cannot. Reads every property once, so getters
 * and proxies are settled in the copy. Never throws, whatever the value does. Walks without recursion: depth costs no
 * stack. A value that is shared, but does not contain itself, is copied at each of its places.
 */
export function copyPlain(root: unknown, rules: CopyRules): Copied {
  const walk: Walk = { rules, open: new Set(), weight: 0, top: undefined, name: "" };
  try {
    const value = copyOf(walk, root);
    while (walk.top) goOn(walk, walk.top);
    return { value };
  } catch (error) {
    return { fault: faultAt(pointerOf(walk), error) };
  }
}

/** Copies the value at the current place; walks into an object or array. */
function copyOf(walk: Walk, value: unknown): unknown {
  const { rules, top } = walk;
  weigh(walk, typeof value === "string" ? value.length + 1 : 1);
  const isInArray = top !== undefined && (top.place.isInArray || Array.isArray(top.copy));
  const place = { depth: (top?.place.depth ?? 0) + 1, isInArray };
  return isContainer(value) ? begin(walk, value, place) : rules.leaf(value, place);
}

function begin(walk: Walk, source: object, place: Place): object {
  const { rules, open, top: up, name } = walk;
  if (open.has(source)) throw new FaultFound("contains itself");
  if (place.depth > rules.maxDepth) throw new FaultFound(`nests deeper than ${rules.maxDepth} levels`);
  const isArray = Array.isArray(source);
  if (isArray && Array.isArray(up?.copy) && !rules.allowsNestedArrays)
    throw new FaultFound("is an array directly in an array");
  const names = isArray ? indexesOf(source) : fieldsOf(source);
  if (isArray) weigh(walk, names.length);
  const copy = isArray ? [] : {};
  walk.top = { source, copy, names, next: 0, place, up, name };
  open.add(source);
  return copy;
}

/** Copies the next value of the innermost object or array, or leaves it after the last one. */
function goOn(walk: Walk, frame: Frame): void {
  const { source, copy } = frame;
  const name = frame.names[frame.next++];
  if (name === undefined) {
    walk.open.delete(source);
    walk.top = frame.up;
    return;
  }
  walk.name = name;
  const value: unknown = Reflect.get(source, name);
  if (Array.isArray(copy)) copy.push(value === undefined ? walk.rules.undefinedItem() : copyOf(walk, value));
  else if (value !== undefined) {
    checkName(name, walk.rules);
    weigh(walk, name.length + 1);
    copy[name] = copyOf(walk, value);
  }
}

function weigh(walk: Walk, more: number): void {
  walk.weight += more;
  const { maxWeight } = walk.rules;
  if (walk.weight > maxWeight) throw new FaultFound(`more than ${maxWeight} bytes`, "too-large");
}

function isContainer(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  return Array.isArray(value) || isPlainObject(value);
}

/**
 * True for an object literal, one without a prototype, and one of another realm; false for an instance of any class.
 * May throw for a proxy.
 */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  if (typeof prototype !== "object") return false;
  const isOfObject = Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
  return isOfObject && Object.prototype.toString.call(value) === "[object Object]";
}

function indexesOf(array: readonly unknown[]): string[] {
  refuseSymbols(array);
  const { length } = array;
  const names = Object.keys(array);
  const last = names.at(-1);
  if (names.length > length || (last !== undefined && String(Number(last)) !== last)) {
    throw new FaultFound(`is an array with a field named ${JSON.stringify(last)}`);
  }
  if (names.length < length) throw new FaultFound("is an array with empty places");
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

function pointerOf({ top, name }: Walk): string {
  if (!top) return "";
  const names = [name];
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
