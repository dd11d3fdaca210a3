import assert from "node:assert/strict";
import { jobIn, relive, resultIn, spoiled } from "./kept.ts";
import { at, type Line } from "./lives.ts";

describe("the check of a chaos run, of histories,", () => {
  const relived = (jobId: string, lines: Line[]) => spoiled((evidence) => relive(evidence, jobId, { lines }));
  it("finds one that is off the table", () => {
    const twice = relived("cancelled-waiting", [
      ["queued", 0, 0],
      ["queued", 1, 0],
      ["cancelled", 5, 0],
    ]);
    assert.deepEqual(twice, { "history is a path of the table": ["cancelled-waiting"] });
  });

  it("finds one that begins in the middle", () => {
    const middle = relived("failing", [
      ["processing", 10, 1],
      ["processing", 220, 2],
      ["completed", 230, 2],
    ]);
    assert.deepEqual(middle, { "history is a path of the table": ["failing"] });
  });

  it("finds one that ends elsewhere than its job", () => {
    const broken = spoiled((evidence) =>
      jobIn(evidence, "failing").history.splice(4, 1, { status: "queued", at: at(230), attempt: 2 }),
    );
    assert.deepEqual(broken, { "history is a path of the table": ["failing"] });
  });

  it("finds a claim that was not counted", () => {
    const broken = relived("failing", [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["queued", 20, 1, "chaos-failure"],
      ["processing", 220, 1],
      ["queued", 230, 1, "chaos-failure"],
      ["processing", 330, 2],
      ["completed", 340, 2],
    ]);
    assert.deepEqual(broken, { "every attempt is counted once": ["failing"] });
  });

  it("finds a claim that was counted though it resumes an attempt", () => {
    const broken = relived("stepped", [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["queued", 20, 1, "suspended"],
      ["processing", 30, 2],
      ["completed", 40, 2],
    ]);
    assert.deepEqual(broken, { "every attempt is counted once": ["stepped"] });
  });

  it("finds a lost worker's attempt that was gone on with", () => {
    const broken = relived("stepped", [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["queued", 20, 1, "suspended"],
      ["processing", 30, 1],
      ["processing", 3030, 1, "lease-expired"],
      ["completed", 3040, 1],
    ]);
    assert.deepEqual(broken, { "every attempt is counted once": ["stepped"] });
  });

  it("finds attempts that are not those of the job", () => {
    const broken = spoiled((evidence) => {
      jobIn(evidence, "failing").attempt = 3;
      resultIn(evidence, "failing").attempt = 3;
    });
    assert.deepEqual(broken, { "every attempt is counted once": ["failing"] });
  });

  it("knows that one of sixty lines has lost those after its first", () => {
    const turn: Line[] = [
      ["queued", 10, 2, "suspended"],
      ["processing", 20, 2],
    ];
    const linesOf = (turns: number): Line[] => [
      ["queued", 0, 0],
      ...Array.from({ length: turns }, () => turn).flat(),
      ["completed", 9000, 2],
    ];
    assert.deepEqual(relived("failing", linesOf(29)), {});
    assert.deepEqual(relived("failing", linesOf(28)), {
      "history is a path of the table": ["failing"],
      "every attempt is counted once": ["failing"],
    });
  });

  it("finds too many attempts", () => {
    const broken = spoiled((evidence) => {
      jobIn(evidence, "crashing").maxAttempts = 2;
    });
    assert.deepEqual(broken, { "attempts never exceed the maximum": ["crashing"] });
  });
});
