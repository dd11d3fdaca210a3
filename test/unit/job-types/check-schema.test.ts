import assert from "node:assert/strict";
import { z } from "zod";
import { demandJsonSchema } from "../../../engine/src/job-types/check-schema.ts";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";
import { byName } from "../../../engine/src/job-types/job-registry.ts";

const Tree: z.ZodType = z.lazy(() => z.object({ next: Tree.optional() }));

describe("the schemas of a job type", () => {
  const refused: [what: string, schema: z.ZodType, message: RegExp][] = [
    ["a date", z.date(), /cannot work, because it is a Date, which JSON lacks/],
    ["a bigint", z.object({ n: z.bigint().optional() }), /the value at \/n is a BigInt/],
    [
      "a map in a list",
      z.array(z.object({ "a/b": z.map(z.string(), z.string()) })),
      /the value at \/\*\/a~1b is a Map/,
    ],
    ["a set in a tuple", z.tuple([z.string(), z.set(z.string())]), /the value at \/1 is a Set/],
    ["a date or null", z.union([z.date(), z.null()]), /a Date/],
    ["a date by default", z.record(z.string(), z.date().default(new Date(0))), /the value at \/\* is a Date/],
    ["a date, or else another value", z.object({ at: z.date().catch(new Date(0)) }), /the value at \/at is a Date/],
    ["one bigint", z.literal([1n, 2n]), /it is a BigInt/],
    ["no value", z.void(), /it is undefined, which JSON lacks/],
    ["never a value", z.never(), /it is undefined/],
    ["a date that is transformed", z.date().transform(String), /a Date/],
  ];
  for (const [what, schema, message] of refused) {
    it(`are refused at the start when the input is ${what}`, () => {
      assert.throws(() => demandJsonSchema(schema, "input", 'job type "x"'), message);
    });
  }

  for (const [what, schema] of [
    ["absent", undefined],
    ["a schema of another library", { parse: () => 1, safeParse: () => 1 }],
  ] as const) {
    it(`are refused at the start when the input is ${what}`, () => {
      const declared = { type: "x", input: schema as never, output: z.null(), run: async () => null };
      assert.throws(() => defineJob(declared), /^Error: job type "x": its input is not a schema of zod 4\.$/);
    });
  }

  it("are refused at the start when zod makes no JSON Schema of them", () => {
    const input = z.object({ a: z.string().meta({ id: "twin" }), b: z.number().meta({ id: "twin" }) });
    const define = () => defineJob({ type: "x", input, output: z.null(), run: async () => null });
    assert.throws(define, /job type "x": no JSON Schema can be made of its input schema: /);
  });

  const taken: [what: string, schema: z.ZodType][] = [
    ["a transform", z.string().transform((text) => text.split(","))],
    ["a transform to a date", z.iso.datetime().transform((text) => new Date(text))],
    ["a coerced date", z.object({ at: z.coerce.date() })],
    ["a text or a date", z.union([z.string(), z.date()])],
    ["a preprocessed bigint", z.preprocess((value) => BigInt(String(value)), z.bigint())],
    ["an asynchronous check", z.string().refine(async () => true)],
    ["stringbool", z.stringbool()],
    ["null", z.null()],
    ["a number, or else another one", z.number().catch(0)],
    ["a literal or null", z.literal(["a", null])],
    ["a field that never comes", z.object({ a: z.never().optional() })],
    ["a codec", z.codec(z.iso.datetime(), z.date(), { decode: (s) => new Date(s), encode: (d) => d.toISOString() })],
    ["a tree", Tree],
  ];
  for (const [what, schema] of taken) {
    it(`may be ${what} as input`, () => demandJsonSchema(schema, "input", "x"));
  }

  it("may give nothing as output", () => demandJsonSchema(z.void(), "output", "x"));

  it("are refused at the start when no output of theirs can be JSON", () => {
    const define = () => defineJob({ type: "dated", input: z.null(), output: z.date(), run: async () => new Date(0) });
    assert.throws(define, /job type "dated": its output schema cannot work, because it is a Date/);
  });
});

describe("two job types of one name", () => {
  it("are refused at the start", () => {
    const type = defineJob({ type: "twin", input: z.null(), output: z.null(), run: async () => null });
    assert.throws(() => byName([type, { ...type }]), /two job types named "twin"/);
  });
});
