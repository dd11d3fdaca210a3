import assert from "node:assert/strict";
import { PermanentError, RetryableError } from "../../../engine/src/job-types/define-job.ts";
import { classify, isPermanent } from "../../../engine/src/job-types/job-errors.ts";

const untyped = (value: unknown) => value as string;

describe("a thrown value", () => {
  const codes: [given: unknown, code: string][] = [
    ["no-book", "no-book"],
    [404, "404"],
    [undefined, "unspecified"],
    [null, "unspecified"],
    ["", "unspecified"],
    [{}, "unspecified"],
    [Symbol("s"), "unspecified"],
  ];
  for (const [given, code] of codes) {
    it(`is permanent with the code ${code} when PermanentError was given ${String(given)}`, () => {
      const error = new PermanentError(untyped(given), "why");
      assert.deepEqual(classify(error), { kind: "permanent", code, message: "why" });
    });
  }

  it("is permanent when it is frozen, or of a subclass with a name of its own", () => {
    class NoBook extends PermanentError {
      override name = "NoBook";
    }
    assert.deepEqual(
      [isPermanent(new NoBook("a", "b")), isPermanent(Object.freeze(new PermanentError("a", "b")))],
      [true, true],
    );
  });

  it("is permanent when it comes from another copy of the module", async () => {
    const other = await import(`${"../../../engine/src/job-types/job-errors.ts"}?copy`);
    const error: unknown = new other.PermanentError("a", "b");
    assert.deepEqual([error instanceof PermanentError, isPermanent(error)], [false, true]);
  });

  it("has a message although it was given none", () => {
    const { message } = { message: "", ...classify(new RetryableError("a", untyped(undefined))) };
    assert.equal(message, "The job type gave no message.");
  });

  for (const value of [null, undefined, "text", 1n, {}, new Error("x"), new Proxy({}, { get: () => assert.fail() })]) {
    it(`is unexpected when it is ${typeof value === "object" ? "an object" : String(value)} that says nothing`, () => {
      assert.deepEqual(classify(value), { kind: "unexpected" });
    });
  }
});
