import assert from "node:assert/strict";
import { forgetInputsOfOthers, keepSubmittedInput, submittedInput } from "../../../web/src/console/submitted-input.ts";

/** A tab's storage: like a browser's, its entries are its own properties. */
function useTabStorage(): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, "sessionStorage");
  beforeEach(() => {
    const methods = {
      getItem(this: Record<string, string>, key: string) {
        return Object.hasOwn(this, key) ? this[key] : null;
      },
      setItem(this: Record<string, string>, key: string, value: string) {
        this[key] = value;
      },
      removeItem(this: Record<string, string>, key: string) {
        delete this[key];
      },
    };
    Object.defineProperty(globalThis, "sessionStorage", { configurable: true, value: Object.create(methods) });
  });
  afterEach(() => {
    if (before) Object.defineProperty(globalThis, "sessionStorage", before);
    else Reflect.deleteProperty(globalThis, "sessionStorage");
  });
}

describe("the inputs a tab keeps", () => {
  useTabStorage();

  it("gives them to the user who submitted them, and to no other", () => {
    keepSubmittedInput("ada", "job-1", { comments: [{ text: "Great video!" }] });
    assert.deepEqual(
      [submittedInput("ada", "job-1"), submittedInput("bob", "job-1"), submittedInput("ada", "job-2")],
      [{ comments: [{ text: "Great video!" }] }, undefined, undefined],
    );
  });

  it("forgets those of every other user when the user changes, also of one whose uid begins alike", () => {
    for (const uid of ["ada", "ada2", "a/b", "bob"]) keepSubmittedInput(uid, "job-1", uid);
    sessionStorage.setItem("something-else", "stays");
    forgetInputsOfOthers("ada");
    assert.deepEqual(
      ["ada", "ada2", "a/b", "bob"].map((uid) => submittedInput(uid, "job-1")),
      ["ada", undefined, undefined, undefined],
    );
    forgetInputsOfOthers(undefined);
    assert.deepEqual(Object.keys(sessionStorage), ["something-else"]);
  });
});
