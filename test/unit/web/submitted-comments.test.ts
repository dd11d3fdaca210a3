import assert from "node:assert/strict";
import {
  forgetCommentsOfOthers,
  keepSubmittedComments,
  submittedComments,
} from "../../../web/src/console/submitted-comments.ts";

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

describe("the comments a tab keeps", () => {
  useTabStorage();

  it("gives them to the user who submitted them, and to no other", () => {
    keepSubmittedComments("ada", "job-1", [{ text: "Great video!" }]);
    assert.deepEqual(
      [submittedComments("ada", "job-1"), submittedComments("bob", "job-1"), submittedComments("ada", "job-2")],
      [["Great video!"], [], []],
    );
  });

  it("forgets those of every other user when the user changes, also of one whose uid begins alike", () => {
    for (const uid of ["ada", "ada2", "a/b", "bob"]) keepSubmittedComments(uid, "job-1", [{ text: uid }]);
    sessionStorage.setItem("something-else", "stays");
    forgetCommentsOfOthers("ada");
    assert.deepEqual(
      ["ada", "ada2", "a/b", "bob"].map((uid) => submittedComments(uid, "job-1")),
      [["ada"], [], [], []],
    );
    forgetCommentsOfOthers(undefined);
    assert.deepEqual(Object.keys(sessionStorage), ["something-else"]);
  });
});
