import assert from "node:assert/strict";
import { acceptedIn, add, jobIn, relive, resultIn, spoiled } from "./kept.ts";
import { at } from "./lives.ts";

describe("the check of a chaos run, of ordering keys,", () => {
  const promise = "jobs with one ordering key take effect in order, once";

  for (const [why, list] of [
    ["falls", [2, 1]],
    ["repeats a job", [1, 1, 2]],
    ["misses a completed job", [2]],
    ["names a job that never was", [1, 2, 3]],
  ] as const) {
    it(`finds a list that ${why}`, () => {
      assert.deepEqual(
        spoiled(({ lists }) => lists.set("lane", [...list])),
        { [promise]: ["lane"] },
      );
    });
  }

  it("finds a missing list, and one of a key that never was", () => {
    assert.deepEqual(
      spoiled(({ lists }) => lists.delete("lane")),
      { [promise]: ["lane"] },
    );
    assert.deepEqual(
      spoiled(({ lists }) => lists.set("other", [1])),
      { [promise]: ["other"] },
    );
  });

  it("takes a job that failed for right, whether or not it took effect before", () => {
    const error = { code: "worker-lost", message: "The worker stopped." };
    const failed = (list: number[]) =>
      spoiled((evidence) => {
        evidence.lists.set("lane", list);
        relive(evidence, "ordered-1", {
          kind: "ordered",
          lines: [
            ["queued", 0, 0],
            ["processing", 5, 1],
            ["failed", 10, 1, "worker-lost"],
          ],
          job: { error, maxAttempts: 1 },
          result: { error },
          output: undefined,
        });
      });
    assert.deepEqual(failed([1, 2]), {});
    assert.deepEqual(failed([2]), {});
  });

  const overlap = "jobs with one ordering key never overlap";
  it("finds a job that started before the one ahead of it ended", () => {
    const startsAt = (ms: number) =>
      spoiled((evidence) => Object.assign(jobIn(evidence, "ordered-2"), { startedAt: at(ms) }));
    assert.deepEqual(startsAt(19), { [overlap]: ["ordered-2"] });
    assert.deepEqual(startsAt(20), {});
  });

  it("finds a job that started while the one ahead of it never ended", () => {
    const broken = spoiled((evidence) => delete jobIn(evidence, "ordered-1").finishedAt);
    assert.deepEqual(broken, { [overlap]: ["ordered-2"] });
  });

  it("lets jobs of another owner's key overlap", () => {
    const other = spoiled((evidence) => {
      jobIn(evidence, "ordered-2").startedAt = at(10);
      acceptedIn(evidence, "ordered-2").planned.owner = "chaos-42-1";
      jobIn(evidence, "ordered-2").owner = "chaos-42-1";
      resultIn(evidence, "ordered-2").owner = "chaos-42-1";
    });
    assert.deepEqual(other, {});
  });
});

describe("the check of a chaos run, of steps,", () => {
  const broken = { "a step takes effect once": ["stepped"] };
  const counted = (count: number) => spoiled(({ counters }) => counters.set("stepped", count));

  it("finds one that took effect twice", () => {
    assert.deepEqual(counted(3), broken);
  });

  it("finds one that took no effect", () => {
    assert.deepEqual(counted(1), broken);
    assert.deepEqual(
      spoiled(({ counters }) => counters.delete("stepped")),
      broken,
    );
  });

  it("finds a parallel job whose sum is wrong", () => {
    const added = (count: number) =>
      spoiled((evidence) => {
        const { planned } = acceptedIn(evidence, "stepped");
        Object.assign(planned, { kind: "parallel", input: { steps: 200, adds: 12 }, type: "chaos.parallel" });
        jobIn(evidence, "stepped").type = "chaos.parallel";
        Object.assign(resultIn(evidence, "stepped"), { type: "chaos.parallel", output: { sum: 19_900 } });
        evidence.counters.set("stepped", count);
      });
    assert.deepEqual(added(12), {});
    assert.deepEqual(added(13), broken);
    assert.deepEqual(added(11), broken);
  });

  it("finds effects of a job that has no steps", () => {
    assert.deepEqual(
      spoiled(({ counters }) => counters.set("short", 1)),
      { "a step takes effect once": ["short"] },
    );
  });

  it("lets a job that did not complete do some of them, but none twice", () => {
    const failed = (count: number) =>
      spoiled((evidence) => {
        acceptedIn(evidence, "crashing").planned.kind = "stepped";
        acceptedIn(evidence, "crashing").planned.input = { steps: 2 };
        evidence.counters.set("crashing", count);
      });
    assert.deepEqual(failed(1), {});
    assert.deepEqual(failed(3), { "a step takes effect once": ["crashing"] });
  });
});

describe("the check of a chaos run, of equal inputs,", () => {
  const promise = "equal inputs run once at a time, and share their output";
  const both = (startedAt: number, ranAs: string) =>
    spoiled((evidence) => {
      relive(evidence, "cached-second", {
        lines: [
          ["queued", 0, 0],
          ["processing", startedAt, 1],
          ["completed", 300, 1],
        ],
        job: {},
        result: {},
        output: { n: 5, ranAs },
      });
    });

  it("finds two that ran at once, each with an output of its own", () => {
    assert.deepEqual(both(109, "cached-second"), { [promise]: ["chaos-42-0/5"] });
  });

  it("finds two that ran one after the other, though the first had completed", () => {
    assert.deepEqual(both(110, "cached-second"), { [promise]: ["chaos-42-0/5"] });
  });

  it("finds two that ran at once and agree", () => {
    const broken = spoiled((evidence) => Object.assign(jobIn(evidence, "cached-second"), { startedAt: at(109) }));
    assert.deepEqual(broken, { [promise]: ["chaos-42-0/5"] });
  });

  it("finds one that ran while the one before it never ended", () => {
    const broken = spoiled((evidence) => {
      delete jobIn(evidence, "cached-first").finishedAt;
      jobIn(evidence, "cached-second").startedAt = at(200);
    });
    assert.deepEqual(broken, { [promise]: ["chaos-42-0/5"] });
  });

  it("lets one start as the one before it ends", () => {
    const next = spoiled((evidence) => Object.assign(jobIn(evidence, "cached-second"), { startedAt: at(110) }));
    assert.deepEqual(next, {});
  });

  it("lets another input run at the same time", () => {
    const other = spoiled((evidence) =>
      add(evidence, "cached-other", {
        kind: "cached",
        input: { n: 6 },
        lines: [
          ["queued", 0, 0],
          ["processing", 10, 1],
          ["completed", 110, 1],
        ],
        output: { n: 6, ranAs: "cached-other" },
      }),
    );
    assert.deepEqual(other, {});
  });
});
