import assert from "node:assert/strict";
import fc from "fast-check";
import { toJson } from "../../../engine/src/kit/to-json.ts";

class Point {
  x = 1;
}

const throwingFree = { a: 1 };
const cyclic: Record<string, unknown> = { list: [1] };
cyclic.self = { of: cyclic };
const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);
const throwing = {
  get bad() {
    throw new Error("no");
  },
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const hostile = new Proxy({}, { getPrototypeOf: () => assert.fail("asked") });

/** A value that JSON cannot carry, and the place of the fault. */
const refused: [what: string, value: unknown, pointer: string, problem: RegExp][] = [
  ["a BigInt", { a: [1n] }, "/a/0", /BigInt/],
  ["NaN", [Number.NaN], "/0", /is NaN/],
  ["Infinity", Number.POSITIVE_INFINITY, "", /is Infinity/],
  ["a symbol", { a: Symbol("s") }, "/a", /symbol/],
  ["a function", { toJSON: () => 1 }, "/toJSON", /function/],
  ["a name that is a symbol", { a: { [Symbol("s")]: 1 } }, "/a", /name is a symbol/],
  ["a Date", { at: new Date(0) }, "/at", /instance of Date; write it as text/],
  ["a Map", new Map([["a", 1]]), "", /instance of Map/],
  ["a Set", [new Set()], "/0", /instance of Set/],
  ["bytes", { b: new Uint8Array(2) }, "/b", /instance of Uint8Array/],
  ["an instance of a class", [new Point()], "/0", /instance of Point/],
  ["a boxed text", Object("x"), "", /instance of String/],
  ["an array with empty places", { a: new Array(4e9) }, "/a", /empty places/],
  ["an array with a field", Object.assign([1], { more: 2 }), "", /a field named "more"/],
  ["an object that contains itself", cyclic, "/self/of", /contains itself/],
  ["101 levels", deep(101), "/0".repeat(100), /deeper than 100 levels/],
  ["100,000 levels", deep(100_000), "/0".repeat(100), /deeper than 100 levels/],
  ["a getter that throws", { a: throwing }, "/a/bad", /cannot be read/],
  ["a revoked proxy", [revoked.proxy], "/0", /cannot be read/],
  ["a proxy that throws", { "a/b~": hostile }, "/a~1b~0", /cannot be read/],
  ["the name __proto__", JSON.parse('{"a":{"__proto__":1}}'), "/a/__proto__", /cannot be kept/],
];

describe("toJson", () => {
  for (const [what, value, pointer, problem] of refused) {
    it(`refuses ${what}, and says where`, () => {
      const copied = toJson(value);
      assert.ok("fault" in copied);
      assert.equal(copied.fault.pointer, pointer);
      assert.match(copied.fault.problem, problem);
    });
  }

  const kept: [what: string, value: unknown, as: unknown][] = [
    ["undefined as null", undefined, null],
    ["an undefined field as absent, an undefined item as null", { a: undefined, b: [undefined] }, { b: [null] }],
    ["-0 as 0", [-0], [0]],
    ["half a surrogate pair", "\ud83d", "\ud83d"],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["100 levels", deep(100), deep(100)],
    ["a value that is shared", [throwingFree, throwingFree], [{ a: 1 }, { a: 1 }]],
    ["a frozen value", Object.freeze({ a: Object.freeze([1]) }), { a: [1] }],
  ];
  for (const [what, value, as] of kept) {
    it(`keeps ${what}`, () => assert.deepEqual(toJson(value), { value: as }));
  }

  it("ends for a value that grows without bound where it is shared", () => {
    const bomb = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner, inner], "x");
    const copied = toJson(bomb);
    assert.ok("fault" in copied && copied.fault.kind === "too-large");
  });

  it("gives the equal value, or one fault with a place, for any value", () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    const special = fc.constantFrom<unknown>(...refused.map(([, value]) => value), "\udc00", undefined, -0);
    const value = fc.oneof(
      anything,
      special,
      fc.array(fc.oneof(special, anything)),
      fc.dictionary(fc.string(), special),
    );
    fc.assert(
      fc.property(value, (given) => {
        const copied = toJson(given);
        if ("fault" in copied) return assert.match(copied.fault.pointer, /^(\/|$)/);
        // A copy is JSON, and stays as it is on every further way through text.
        assert.deepEqual(JSON.parse(JSON.stringify(copied.value)), copied.value);
        assert.equal(JSON.stringify(copied.value), JSON.stringify(given ?? null));
      }),
      { numRuns: 2000 },
    );
  });
});
