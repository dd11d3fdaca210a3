import assert from "node:assert/strict";
import { LifecycleEvent, LifecycleEventType } from "@baton/protocol";
import sinon from "sinon";
import { jobEvents } from "../../../engine/src/events/job-events.ts";
import { aJob } from "../../support/jobs.ts";
import { aWorker } from "../run/a-worker.ts";

const AT = new Date("2026-01-01T00:00:01.000Z");

/** Events of these types, all where none is named, and what was published of them. */
function events(types: readonly LifecycleEventType[] = LifecycleEventType.options, error?: Error) {
  const publish = sinon.fake((_topic: string, _attributes: object, _ordered?: { data: string; orderingKey: string }) =>
    error ? Promise.reject(error) : Promise.resolve(),
  );
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const told = jobEvents({ publish, types: new Set(types), log });
  const sent = () => publish.args.map(([, , ordered]) => LifecycleEvent.parse(JSON.parse(ordered?.data ?? "")));
  return { ...told, publish, log, sent };
}

describe("the events of jobs", () => {
  const job = aJob({ jobId: "AAAAAAAAAAAAAAAAAAAA", owner: "ada", tags: ["t"], metadata: { a: "b" }, queuedAt: AT });

  it("carry the job as it was, with attributes for filters and the job's id as the ordering key", async () => {
    const { tell, publish, sent } = events();
    await tell("job.queued", job);
    const [topic, attributes, ordered] = publish.args[0] ?? [];
    assert.equal(topic, "baton-events");
    const eventId = "AAAAAAAAAAAAAAAAAAAA-job.queued-1767225601000";
    assert.deepEqual(attributes, { eventId, type: "job.queued", jobType: "test.job", owner: "ada" });
    assert.equal(ordered?.orderingKey, job.jobId);
    assert.deepEqual(sent(), [
      {
        eventId,
        type: "job.queued",
        timestamp: "2026-01-01T00:00:01.000Z",
        data: {
          ...{ jobId: job.jobId, type: "test.job", owner: "ada", status: "queued", attempt: 0, progress: 0 },
          ...{ tags: ["t"], metadata: { a: "b" } },
        },
      },
    ]);
  });

  it("tell the end without the output, which only the owner reads", async () => {
    const { tellEnd, sent } = events();
    const facts = { type: "test.job", owner: "ada", attempt: 2, tags: [], metadata: {}, expireAt: AT, shard: 0 };
    const error = { code: "no", message: "No." };
    const result = { jobId: job.jobId, ...facts, durationMs: 7, createdAt: AT };
    await tellEnd({ ...result, status: "completed", output: { secret: 1 } });
    await tellEnd({ ...result, status: "failed", error });
    const common = {
      jobId: job.jobId,
      type: "test.job",
      owner: "ada",
      attempt: 2,
      tags: [],
      metadata: {},
      durationMs: 7,
    };
    assert.deepEqual(
      sent().map(({ eventId, type, data }) => ({ eventId, type, data })),
      [
        { eventId: `${job.jobId}-job.completed`, type: "job.completed", data: { ...common, status: "completed" } },
        { eventId: `${job.jobId}-job.failed`, type: "job.failed", data: { ...common, status: "failed", error } },
      ],
    );
  });

  it("leave out the types that the deployment does not ask for", async () => {
    const { tell, publish } = events(["job.started"]);
    await tell("job.queued", job);
    await tell("job.progress", job);
    assert.equal(publish.callCount, 0);
  });

  it("do not fail what they tell of, but for the end, which is told again", async () => {
    const { tell, tellEnd, log } = events(undefined, new Error("away"));
    await tell("job.queued", job);
    sinon.assert.calledOnceWithMatch(log.warn, sinon.match.string, { event: "event.unpublished", jobId: job.jobId });
    const facts = { ...job, attempt: 1, durationMs: 7, status: "completed" } as const;
    await assert.rejects(tellEnd(facts), /away/);
  });

  it("end for the process, with one line in the log, where the topic does not exist", async () => {
    const { tell, tellEnd, publish, log } = events(undefined, Object.assign(new Error("no topic"), { code: 5 }));
    await tell("job.queued", job);
    await tell("job.started", job);
    await tellEnd({ ...job, attempt: 1, durationMs: 7, status: "completed" });
    assert.equal(publish.callCount, 1);
    sinon.assert.calledOnceWithMatch(log.warn, sinon.match.string, { event: "event.no-topic" });
  });
});

describe("a worker that tells of its jobs", () => {
  it("tells of each attempt once, also of one that continues, and of reported progress", async () => {
    const { tell, sent } = events();
    const worker = aWorker(
      async ({ progress, sleep, attempt }) => {
        progress(0.25, `attempt ${attempt}`);
        await worker.clock.pause(1500);
        await sleep(2000);
        if (attempt === 1) throw new Error("later");
      },
      {},
      { tell },
    );
    const jobId = await worker.stored();
    await worker.runToEnd(jobId);
    const started = sent().filter(({ type }) => type === "job.started");
    assert.deepEqual(
      started.map(({ data }) => [data.jobId, data.attempt, data.status]),
      [
        [jobId, 1, "processing"],
        [jobId, 2, "processing"],
      ],
    );
    const reports = sent().filter(({ type }) => type === "job.progress");
    assert.deepEqual([...new Set(reports.map(({ data }) => data.step))], ["attempt 1", "attempt 2"]);
  });

  it("tells that a job is queued each time it is", async () => {
    const { tell, sent } = events();
    const worker = aWorker(async () => undefined, {}, { tell });
    const jobId = await worker.stored({ status: "pending", waitingFor: "unpublished", dueAt: new Date(0) });
    await worker.ports.engine.move(jobId, { kind: "republish" });
    assert.deepEqual(
      sent().map(({ type, data }) => [type, data.jobId, data.status]),
      [["job.queued", jobId, "queued"]],
    );
  });
});
