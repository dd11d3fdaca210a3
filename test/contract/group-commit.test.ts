import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { firestoreJobStore } from "../../engine/src/jobs/firestore/job-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { aSubmission, randomOwner } from "../support/jobs.ts";

const NOW = new Date("2026-01-01T00:00:00.000Z");

describe("submissions of one owner at the same moment, on Firestore", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore("demo-groups");
  });
  after(() => db.terminate());

  it("are all accepted when each is within its limit, though they are too large for one commit", async () => {
    const store = firestoreJobStore(db);
    const owner = randomOwner();
    const inputs = [
      ...Array.from({ length: 12 }, () => new Array(110_000).fill(0.5)),
      ...Array.from({ length: 12 }, () => "x".repeat(900_000)),
    ];
    const answers = await Promise.all(inputs.map((input) => store.submit(aSubmission({ owner }), input, NOW)));
    assert.deepEqual(new Set(answers.map(({ outcome }) => outcome)), new Set(["accepted"]));
    const [first] = answers;
    assert.ok(first?.outcome === "accepted");
    assert.deepEqual(await store.readInput(first.job.jobId), inputs[0]);
  });

  it("are all answered with a cached output of 900 KB", async () => {
    const store = firestoreJobStore(db);
    const owner = randomOwner();
    const cache = { key: owner, ttlMs: 3_600_000 };
    const leader = aSubmission({ owner, cache });
    assert.equal((await store.submit(leader, null, NOW)).outcome, "accepted");
    await store.claim(leader.jobId, { leaseId: "lease", leaseMs: 60_000 }, NOW);
    await store.apply(leader.jobId, { kind: "complete", leaseId: "lease", output: "x".repeat(900_000) }, NOW);
    const asked = Array.from({ length: 20 }, () => store.submit(aSubmission({ owner, cache }), null, NOW));
    const answers = await Promise.all(asked);
    const statuses = answers.map((answer) => (answer.outcome === "accepted" ? answer.job.status : answer.outcome));
    assert.deepEqual(new Set(statuses), new Set(["completed"]));
  });

  it("are accepted but for the one that Firestore will never hold", async () => {
    const store = firestoreJobStore(db);
    const owner = randomOwner();
    const metadata = { __kept__: "by Firestore" };
    const submissions = Array.from({ length: 9 }, (_, n) => aSubmission({ owner, ...(n === 5 && { metadata }) }));
    const answers = await Promise.all(submissions.map((submission) => store.submit(submission, null, NOW)));
    const accepted = "accepted";
    assert.deepEqual(
      answers.map(({ outcome }) => outcome),
      [accepted, accepted, accepted, accepted, accepted, "unstorable", accepted, accepted, accepted],
    );
    assert.equal((await store.readUsage(owner))?.day.jobs, 8);
  });
});
