import assert from "node:assert/strict";
import { payloadFields, payloadOf } from "../../../engine/src/jobs/firestore/payload.ts";

describe("payloadFields", () => {
  const deep = (levels: number): object => (levels === 0 ? {} : { down: deep(levels - 1) });
  const native = [null, true, 1.5, "text", [1, 2], { a: [{ b: null }] }, deep(10)];
  const asText = [
    [[1]],
    { rows: [[1, 2], [3]] },
    { "": 1 },
    { __name__: 1 },
    { "__\n__": 1 },
    deep(25),
    "half \ud83d",
    { ["k".repeat(1501)]: 1 },
  ];

  for (const value of native) {
    it(`keeps ${JSON.stringify(value).slice(0, 30)} as it is`, () => {
      assert.deepEqual(payloadFields("output", JSON.parse(JSON.stringify(value))), { output: value });
    });
  }

  for (const value of asText) {
    it(`keeps ${JSON.stringify(value).slice(0, 30)} as text, because Firestore cannot hold it`, () => {
      const fields = payloadFields("output", JSON.parse(JSON.stringify(value)));
      assert.deepEqual(fields, { outputJson: JSON.stringify(value) });
      assert.deepEqual(payloadOf("output", fields), value);
    });
  }

  it("keeps many small numbers as text, because each takes 8 bytes in a document", () => {
    const numbers = new Array(200_000).fill(1);
    assert.deepEqual(Object.keys(payloadFields("input", numbers)), ["inputJson"]);
  });

  it("tells a stored null from nothing stored", () => {
    assert.equal(payloadOf("output", { output: null }), null);
    assert.equal(payloadOf("output", {}), undefined);
  });
});
