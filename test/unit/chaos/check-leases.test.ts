import assert from "node:assert/strict";
import { jobIn, resultIn, spoiled, stepBy } from "./kept.ts";
import { at } from "./lives.ts";

describe("the check of a chaos run, of leases,", () => {
  const promise = "a worker that lost its lease changes nothing";

  it("finds what the witness saw", () => {
    assert.deepEqual(
      spoiled(({ seen }) => seen.stale.push("contested", "contested")),
      { [promise]: ["contested"] },
    );
  });

  for (const [why, runs] of [
    ["after the next one", ["run-a", "run-b", "run-a"]],
    ["after two others", ["run-a", "run-b", "run-c", "run-a", "run-a"]],
  ] as const) {
    it(`finds a run that wrote ${why}`, () => {
      assert.deepEqual(
        spoiled((evidence) => evidence.runs.set("contested", [...runs])),
        { [promise]: ["contested"] },
      );
    });
  }

  it("takes a job for right whose runs wrote one after the other, or never", () => {
    const withRuns = (...runs: string[]) => spoiled((evidence) => evidence.runs.set("contested", runs));
    assert.deepEqual(withRuns(), {});
    assert.deepEqual(withRuns("run-b", "run-b", "run-a", "run-a"), {});
  });

  it("finds a step that was recorded for another attempt than the one that did it", () => {
    const late = { ...stepBy(1, "work 2"), attempt: 2 };
    assert.deepEqual(
      spoiled(({ steps }) => steps.get("contested")?.push(late)),
      { [promise]: ["contested"] },
    );
  });

  it("finds the output of another attempt", () => {
    const broken = spoiled((evidence) => Object.assign(resultIn(evidence, "contested"), { output: { attempt: 1 } }));
    assert.deepEqual(broken, { "a completed job has the output of its own input": ["contested"] });
  });
});

describe("the check of a chaos run, of messages,", () => {
  const promise = "a message is acknowledged after its work, not before";
  /** The job was claimed at 10 and completed at 20. */
  const withRequests = (...requests: [sentAtMs: number, endedAtMs: number | undefined, isAcknowledged: boolean][]) =>
    spoiled((evidence) => {
      const { history } = jobIn(evidence, "ordered-1");
      assert.deepEqual(
        history.map(({ at: instant }) => Number(instant) - Number(at(0))),
        [0, 10, 20],
      );
      evidence.requests.set(
        "ordered-1",
        requests.map(([sentAtMs, endedAtMs, isAcknowledged]) => ({
          ...{ sentAt: at(sentAtMs), isAcknowledged },
          ...(endedAtMs !== undefined && { endedAt: at(endedAtMs) }),
        })),
      );
    });

  it("finds a message that was acknowledged while its job was at work", () => {
    assert.deepEqual(withRequests([5, 19, true]), { [promise]: ["ordered-1"] });
    assert.deepEqual(withRequests([5, 20, true]), {});
  });

  it("finds one that was acknowledged before its job was claimed", () => {
    assert.deepEqual(withRequests([5, 9, true]), { [promise]: ["ordered-1"] });
  });

  it("finds a claim for which no message was there", () => {
    assert.deepEqual(withRequests(), { [promise]: ["ordered-1"] });
    assert.deepEqual(withRequests([11, 30, true]), { [promise]: ["ordered-1"] });
  });

  it("lets a second message be acknowledged meanwhile", () => {
    assert.deepEqual(withRequests([5, 25, true], [12, 14, true]), {});
  });

  it("lets a worker work on whose request was broken off, or is open still", () => {
    assert.deepEqual(withRequests([5, 7, false]), {});
    assert.deepEqual(withRequests([5, undefined, false]), {});
  });

  it("asks nothing of a job that is at work, or whose lines are lost", () => {
    const atWork = spoiled((evidence) => {
      jobIn(evidence, "ordered-1").history.pop();
      evidence.requests.set("ordered-1", []);
    });
    assert.equal(atWork[promise], undefined);
  });
});
