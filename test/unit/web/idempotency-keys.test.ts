import assert from "node:assert/strict";
import { idempotencyKeys } from "../../../web/src/console/idempotency-keys.ts";

describe("the idempotency keys of a form", () => {
  it("gives an equal request the same key until it has succeeded", () => {
    const keys = idempotencyKeys();
    const first = keys.of({ input: { videoUrlOrId: "a" } });
    assert.match(first, /^[\x20-\x7e]{1,255}$/);
    assert.equal(keys.of({ input: { videoUrlOrId: "a" } }), first);
    keys.forget();
    assert.notEqual(keys.of({ input: { videoUrlOrId: "a" } }), first);
  });

  it("gives a changed request a key of its own, and another one when it is changed back", () => {
    const keys = idempotencyKeys();
    const given = ["a", "b", "a"].map((videoUrlOrId) => keys.of({ videoUrlOrId }));
    assert.equal(new Set(given).size, 3);
  });
});
