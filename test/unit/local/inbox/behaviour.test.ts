import assert from "node:assert/strict";
import { BehaviourForm, BehaviourRequest, createBehaviours } from "../../../../local/inbox/behaviour.ts";

describe("how the inbox answers", () => {
  it("answers the next requests to a path as told, then 200 again, and other paths as ever", () => {
    const behaviours = createBehaviours();
    behaviours.set("/a", { status: 500, delayMs: 0, times: 2 });
    const paths = ["/a", "/b", "/a", "/a"];
    assert.deepEqual(
      paths.map((path) => behaviours.next(path).status),
      [500, 200, 500, 200],
    );
    assert.deepEqual(behaviours.list(), []);
  });

  it("stays until it is switched back when set to always", () => {
    const behaviours = createBehaviours();
    behaviours.set("/a", { status: "never", delayMs: 0, times: "always" });
    assert.deepEqual(
      [1, 2, 3].map(() => behaviours.next("/a").status),
      ["never", "never", "never"],
    );
    behaviours.set("/a", { status: 200, delayMs: 0, times: "always" });
    assert.equal(behaviours.next("/a").status, 200);
    assert.deepEqual(behaviours.list(), []);
  });

  it("tells a slow 200 from the usual one", () => {
    const behaviours = createBehaviours();
    behaviours.set("/a", { status: 200, delayMs: 5000, times: 1 });
    assert.deepEqual(behaviours.next("/a"), { status: 200, delayMs: 5000 });
    assert.deepEqual(behaviours.next("/a"), { status: 200, delayMs: 0 });
  });

  it("knows a path as requests have it", () => {
    const paths = ["/ä b?x=1", "/%C3%A4", "//a/../b"].map((path) => BehaviourRequest.parse({ path }).path);
    assert.deepEqual(paths, ["/%C3%A4%20b", "/%C3%A4", "//b"]);
  });

  it("reads the page's form", () => {
    const read = (answer: string, times: string) => BehaviourForm.parse({ path: "/a", answer, seconds: "120", times });
    assert.deepEqual(read("500", "3"), { path: "/a", status: 500, delayMs: 0, times: 3 });
    assert.deepEqual(read("410", "1"), { path: "/a", status: 410, delayMs: 0, times: 1 });
    assert.deepEqual(read("429", "1"), { path: "/a", status: 429, delayMs: 0, times: 1, retryAfter: "120" });
    assert.deepEqual(read("slow", "always"), { path: "/a", status: 200, delayMs: 120_000, times: "always" });
    assert.deepEqual(read("never", "1"), { path: "/a", status: "never", delayMs: 0, times: 1 });
  });

  it("takes a status and a path alone for the next request", () => {
    assert.deepEqual(BehaviourRequest.parse({ path: "/a", status: 410 }), {
      path: "/a",
      status: 410,
      delayMs: 0,
      times: 1,
    });
  });

  for (const [what, request] of [
    ["a path without a slash", { path: "a", status: 500 }],
    ["a status no server gives", { path: "/a", status: 99 }],
    ["a header that would begin another", { path: "/a", status: 429, retryAfter: "1\r\nx: y" }],
    ["a misspelt field", { path: "/a", statuss: 500 }],
    ["no times at all", { path: "/a", status: 500, times: 0 }],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.equal(BehaviourRequest.safeParse(request).success, false);
    });
  }
});
