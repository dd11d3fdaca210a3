import assert from "node:assert/strict";
import type { JsonValue } from "@baton/protocol";
import { acceptedIn, jobIn, relive, resultIn, spoiled } from "./kept.ts";
import { at, type Line } from "./lives.ts";

const relived = (jobId: string, lines: Line[]) => spoiled((evidence) => relive(evidence, jobId, { lines }));

describe("the check of a chaos run, of times,", () => {
  const promise = "no job runs before its time, and no sleep is cut short";

  it("finds a job that ran before its time", () => {
    const broken = spoiled((evidence) => Object.assign(acceptedIn(evidence, "short"), { runAt: at(1201) }));
    assert.deepEqual(broken, { [promise]: ["short"] });
  });

  it("takes a job that ran just at its time for right", () => {
    assert.deepEqual(
      spoiled((evidence) => Object.assign(acceptedIn(evidence, "short"), { runAt: at(1200) })),
      {},
    );
  });

  it("finds a sleep that was cut short", () => {
    // It sleeps 1001 ms and half as long, from 10 on.
    const endedAt = (ms: number) =>
      spoiled((evidence) => Object.assign(jobIn(evidence, "sleeping"), { finishedAt: at(ms) }));
    assert.deepEqual(endedAt(1510), { [promise]: ["sleeping"] });
    assert.deepEqual(endedAt(1511), {});
  });
});

describe("the check of a chaos run, of ends,", () => {
  const early = "no job fails with attempts left, but for good";
  const so = "an attempt that fails or crashes never completes its job";

  it("finds a job that failed with attempts left", () => {
    const broken = spoiled((evidence) => {
      jobIn(evidence, "crashing").maxAttempts = 4;
      acceptedIn(evidence, "crashing").planned.input.crashes = 4;
    });
    assert.deepEqual(broken, { [early]: ["crashing"] });
  });

  it("finds a permanent error where none was thrown", () => {
    const broken = spoiled((evidence) => {
      acceptedIn(evidence, "permanent").planned.input.isPermanent = false;
    });
    assert.deepEqual(broken, { [early]: ["permanent"] });
  });

  it("lets a job fail early whose message no worker could take", () => {
    const error = { code: "undeliverable", message: "None of the workers could take it." };
    const undeliverable = spoiled((evidence) => {
      Object.assign(jobIn(evidence, "permanent"), { error });
      Object.assign(resultIn(evidence, "permanent"), { error });
    });
    assert.deepEqual(undeliverable, {});
  });

  it("finds a completed job that always crashes", () => {
    const broken = spoiled((evidence) => {
      relive(evidence, "crashing", { job: { maxAttempts: 3 }, result: { leaseId: "lease" }, output: null });
      const lines = jobIn(evidence, "crashing").history;
      lines.splice(4, 1, { status: "completed", at: at(9010), attempt: 3 });
      jobIn(evidence, "crashing").status = "completed";
      evidence.results.set("crashing", {
        ...resultIn(evidence, "crashing"),
        status: "completed",
      });
    });
    assert.deepEqual(broken, { [so]: ["crashing"] });
  });

  it("finds a job completed by an attempt that was made to fail", () => {
    const lines: Line[] = [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["completed", 20, 1],
    ];
    assert.deepEqual(relived("failing", lines), { [so]: ["failing"] });
    const third = spoiled((evidence) => {
      acceptedIn(evidence, "ordered-2").planned.input.seq = 3;
      resultIn(evidence, "ordered-2").output = { seq: 3 };
      evidence.lists.set("lane", [1, 3]);
    });
    assert.deepEqual(third, { [so]: ["ordered-2"] });
  });

  it("finds a job completed that was made to fail for good", () => {
    const broken = spoiled((evidence) => {
      acceptedIn(evidence, "failing").planned.input.isPermanent = true;
    });
    assert.deepEqual(broken, { [so]: ["failing"] });
  });

  it("lets a job complete in a later attempt than it had to", () => {
    const lines: Line[] = [
      ["queued", 0, 0],
      ["processing", 10, 1],
      ["processing", 3010, 2, "lease-expired"],
      ["processing", 6010, 3, "lease-expired"],
      ["completed", 6020, 3],
    ];
    assert.deepEqual(relived("failing", lines), {});
  });
});

describe("the check of a chaos run, of outputs,", () => {
  const promise = "a completed job has the output of its own input";
  const answers = (jobId: string, output: JsonValue) =>
    spoiled((evidence) => Object.assign(resultIn(evidence, jobId), { output }));

  for (const [jobId, output] of [
    ["short", { n: 8 }],
    ["stepped", { count: 3 }],
    ["failing", { n: 7 }],
    ["sleeping", { n: 7 }],
    ["ordered-1", { seq: 2 }],
  ] as const) {
    it(`finds another job's output on the ${jobId} one`, () => {
      assert.deepEqual(answers(jobId, output), { [promise]: [jobId] });
    });
  }

  it("finds an output that was shared by a type that shares none", () => {
    const broken = spoiled((evidence) => {
      Object.assign(jobIn(evidence, "short"), { cached: true, cache: { key: "key", ttlMs: 1 } });
      delete resultIn(evidence, "short").leaseId;
      resultIn(evidence, "short").cached = true;
    });
    assert.deepEqual(broken, { [promise]: ["short"] });
  });

  it("finds a shared output of an equal job that never was", () => {
    const output = { n: 5, ranAs: "no-job" };
    const broken = spoiled((evidence) => {
      resultIn(evidence, "cached-first").output = output;
      resultIn(evidence, "cached-second").output = output;
    });
    assert.deepEqual(broken, { [promise]: ["cached-first", "cached-second"] });
  });

  it("finds a shared output of another owner's job", () => {
    const broken = spoiled((evidence) => {
      acceptedIn(evidence, "cached-first").planned.owner = "chaos-42-1";
      jobIn(evidence, "cached-first").owner = "chaos-42-1";
      resultIn(evidence, "cached-first").owner = "chaos-42-1";
    });
    assert.deepEqual(broken, { [promise]: ["cached-second"] });
  });

  it("finds a shared output that names a job with another input", () => {
    const broken = spoiled((evidence) => {
      acceptedIn(evidence, "cached-first").planned.input = { n: 6 };
      resultIn(evidence, "cached-first").output = { n: 6, ranAs: "cached-first" };
    });
    assert.deepEqual(broken, { [promise]: ["cached-second"] });
  });

  it("finds a shared output of a job that did not complete", () => {
    const broken = spoiled((evidence) => {
      jobIn(evidence, "cached-first").status = "failed";
    });
    assert.deepEqual(broken[promise], ["cached-second"]);
  });

  it("finds two jobs that share the output with each other", () => {
    const broken = spoiled((evidence) => {
      jobIn(evidence, "cached-first").cached = true;
      resultIn(evidence, "cached-first").cached = true;
      delete resultIn(evidence, "cached-first").leaseId;
    });
    assert.deepEqual(broken, { [promise]: ["cached-first", "cached-second"] });
  });

  it("finds a shared output of another input", () => {
    const broken = spoiled((evidence) => {
      acceptedIn(evidence, "cached-second").planned.input = { n: 6 };
    });
    assert.deepEqual(broken, { [promise]: ["cached-second"] });
  });
});
