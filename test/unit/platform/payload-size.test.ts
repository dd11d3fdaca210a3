import assert from "node:assert/strict";
import { payloadFields } from "../../../engine/src/jobs/firestore/payload.ts";

describe("a payload of many values", () => {
  it("is kept as text from 10,000 values on, which the client of Firestore would write one by one", () => {
    assert.deepEqual(Object.keys(payloadFields("output", new Array(9_999).fill(null))), ["output"]);
    assert.deepEqual(Object.keys(payloadFields("output", new Array(10_000).fill(null))), ["outputJson"]);
    assert.deepEqual(Object.keys(payloadFields("output", new Array(10_001).fill({}))), ["outputJson"]);
  });
});
