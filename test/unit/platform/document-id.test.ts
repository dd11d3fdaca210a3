import assert from "node:assert/strict";
import fc from "fast-check";
import { documentIdOf } from "../../../engine/src/platform/firestore/document-id.ts";

describe("the id of a step's document", () => {
  it("is one that Firestore takes, and of no other name", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }).filter((text) => text.length <= 100);
    fc.assert(
      fc.property(name, name, (a, b) => {
        const id = documentIdOf(a);
        assert.ok(!/^\.{1,2}$|^__.*__$|\//.test(id) && Buffer.byteLength(id) <= 900, id);
        assert.equal(id === documentIdOf(b), a === b);
      }),
    );
  });

  it("can be read", () => {
    assert.deepEqual(["fetch-page_2", "send mail", "a/b", ".", "__x__"].map(documentIdOf), [
      "fetch-page_2",
      "send%20mail",
      "a%2Fb",
      "%2E",
      "%5F_x__",
    ]);
  });
});
