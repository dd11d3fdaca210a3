import assert from "node:assert/strict";
import { z } from "zod";
import { exampleInput } from "../../../web/src/job-views/generic/example-input.ts";
import { optionsOf, parseInput, validate } from "../../../web/src/job-views/generic/generic-form-values.ts";
import { outlineOf } from "../../../web/src/job-views/generic/json-nodes.ts";

describe("the example of an input, from a JSON Schema", () => {
  it("has the required fields and the defaults, and nothing else", () => {
    const schema = z.toJSONSchema(
      z.strictObject({
        to: z.string(),
        copies: z.int().min(1),
        isUrgent: z.boolean(),
        parts: z.array(z.string()),
        size: z.enum(["small", "large"]),
        scale: z.number().default(0.5),
        note: z.string().optional(),
      }),
      { io: "input" },
    );
    assert.deepEqual(exampleInput(JSON.parse(JSON.stringify(schema))), {
      to: "",
      copies: 1,
      isUrgent: false,
      parts: [],
      size: "small",
      scale: 0.5,
    });
  });

  it("takes the first branch of a union, one item where one is demanded, and follows a reference", () => {
    const schema = {
      $defs: { "a/b": { type: "object", required: ["kind"], properties: { kind: { const: "square" } } } },
      type: "object",
      required: ["shape", "shapes"],
      properties: {
        shape: { anyOf: [{ $ref: "#/$defs/a~1b" }, { type: "null" }] },
        shapes: { type: "array", minItems: 1, items: { $ref: "#/$defs/a~1b" } },
      },
    };
    assert.deepEqual(exampleInput(schema), { shape: { kind: "square" }, shapes: [{ kind: "square" }] });
  });

  it("ends for a schema that refers to itself, and for a reference to nothing", () => {
    assert.equal(exampleInput({ $ref: "#" }), null);
    assert.equal(exampleInput({ $ref: "#/$defs/toString" }), null);
  });

  it("is null where the schema says nothing, or is not known", () => {
    assert.deepEqual([exampleInput({}), exampleInput(true), exampleInput(undefined)], [null, null, null]);
  });
});

describe("the form of any job type", () => {
  it("sends what the text means, and the title and the webhook that were given", () => {
    assert.deepEqual(parseInput(' {"a": [1]} '), { value: { a: [1] } });
    assert.deepEqual(optionsOf({ title: " A talk ", input: "1", webhookUrl: " https://example.com/h " }), {
      metadata: { title: "A talk" },
      webhookUrl: "https://example.com/h",
    });
    assert.deepEqual(optionsOf({ title: " ", input: "1", webhookUrl: "" }), {});
  });

  it("says at each field what is wrong with it", () => {
    const faults = validate({ title: "", input: "{", webhookUrl: "example.com" });
    assert.match(String(faults.input), /^This is not JSON: /);
    assert.equal(faults.webhookUrl, "Give a whole address, such as https://example.com/webhooks.");
    assert.deepEqual(validate({ title: "", input: " ", webhookUrl: "" }), {
      input: "Give the input as JSON; null for none.",
    });
    assert.deepEqual(validate({ title: "", input: "null", webhookUrl: "" }), {});
  });
});

describe("the outline of a closed node of a JSON tree", () => {
  it("counts an array and names the first fields of an object", () => {
    const many = { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 };
    const outlines = [[1, 2], many, { [`${"x".repeat(30)}`]: 1 }, [], {}].map(outlineOf);
    assert.deepEqual(outlines, ["[2]", "{a, b, c, d, e, …}", `{${"x".repeat(20)}…}`, "[0]", "{}"]);
  });
});
