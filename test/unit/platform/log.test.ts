import assert from "node:assert/strict";
import { loggable } from "../../../engine/src/platform/log.ts";

const textOf = (error: unknown) => String(loggable({ error }).error);

describe("the fields of a log line", () => {
  it("hold a cyclic chain of causes once", () => {
    const error = new Error("outer");
    error.cause = new Error("inner", { cause: error });
    assert.match(textOf(error), /^Error: outer\n[\s\S]*caused by Error: inner\n[\s\S]*caused by an error above$/);
  });

  it("hold all errors of an AggregateError", () => {
    assert.match(
      textOf(new AggregateError([new Error("one"), "two"], "all")),
      /all[\s\S]*with Error: one[\s\S]*with two/,
    );
  });

  const thrown: [what: string, value: unknown, text: RegExp][] = [
    ["a text", "just text", /^just text$/],
    ["undefined", undefined, /^undefined$/],
    ["null", null, /^null$/],
    ["a BigInt", 5n, /^5n$/],
    ["an object with a BigInt", { n: 5n }, /n: 5n/],
    [
      "an object with a getter that throws",
      Object.defineProperty({}, "x", { enumerable: true, get: () => assert.fail() }),
      /Getter/,
    ],
    [
      "an error whose stack cannot be read",
      Object.defineProperty(new Error("seen"), "stack", { get: () => assert.fail() }),
      /seen/,
    ],
    ["a proxy that throws", new Proxy({}, { get: () => assert.fail(), getPrototypeOf: () => assert.fail() }), /\{\}/],
  ];
  for (const [what, value, text] of thrown) {
    it(`hold ${what} that was thrown`, () => {
      assert.match(textOf(value), text);
      assert.doesNotThrow(() => JSON.stringify(loggable({ error: value, field: value })));
    });
  }

  it("hold the message of an error whose stack does not, and no message twice", () => {
    const error = Object.assign(new TypeError("second"), { stack: "TypeError: first\n    at a.js:1:2" });
    assert.equal(textOf(error), "TypeError: second\nTypeError: first\n    at a.js:1:2");
    assert.match(textOf(new Error("once")), /^Error: once\n {4}at /);
  });

  it("are cut where they are huge", () => {
    assert.ok(textOf(new Error("x".repeat(1_000_000))).length <= 32_001);
  });
});
