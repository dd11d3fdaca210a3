import assert from "node:assert/strict";
import sinon from "sinon";
import { BatonError, type JobResultView, type JobView } from "../../../client/src/index.ts";
import { type JobDocuments, watchJob, watchJobsOf } from "../../../client/src/watch.ts";
import { JOB } from "../../support/client-answers.ts";

const { jobId: _, ...QUEUED } = JOB;
const FIELDS = { ...QUEUED, type: "echo", status: "completed", progress: 1, attempt: 1 };
const RESULT: JobResultView = {
  jobId: "job-1",
  type: "echo",
  owner: "ada",
  status: "completed",
  output: 1,
  attempt: 1,
  durationMs: 5,
  createdAt: "2026-01-01T00:00:00.000Z",
};
const away = new BatonError("unavailable", "away", { status: 503 });
const firestoreError = (code: string) => Object.assign(new Error(code), { code });

/** Firestore at the port: what was opened, and the ways to answer. */
function aFirestore() {
  const opened: { give: (fields: object | undefined, isConnected: boolean) => void; fail: (cause: unknown) => void }[] =
    [];
  const documents: JobDocuments = {
    followJob: (_, give, fail) => {
      opened.push({ give: (fields, isConnected) => give(fields as typeof FIELDS | undefined, isConnected), fail });
      return () => {};
    },
    followJobs: () => {
      throw firestoreError("invalid-argument");
    },
    readResult: async () => undefined,
  };
  return { documents, opened };
}

/** The API at the port: `result` as given, by default `RESULT`, and no job. */
const anApi = (result: () => Promise<JobResultView> = async () => RESULT) => ({
  job: sinon.stub().rejects(away),
  result,
});

function aListener() {
  const told: { jobs: JobView[]; results: JobResultView[]; errors: string[]; connections: boolean[] } = {
    jobs: [],
    results: [],
    errors: [],
    connections: [],
  };
  const listener = {
    onJob: (job: JobView) => void told.jobs.push(job),
    onResult: (result: JobResultView) => void told.results.push(result),
    onError: (error: BatonError) => void told.errors.push(error.code),
    onConnection: (isConnected: boolean) => void told.connections.push(isConnected),
  };
  return { told, listener };
}

describe("watchJob", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => clock.restore());

  it("reads a result until it is read, and reports no two failures", async () => {
    const { documents, opened } = aFirestore();
    const { told, listener } = aListener();
    const askApi = sinon.stub().onFirstCall().rejects(away).onSecondCall().rejects(away).resolves(RESULT);
    watchJob(documents, "job-1", listener, anApi(askApi));
    opened[0]?.give(FIELDS, true);
    await clock.tickAsync(60_000);
    assert.deepEqual([told.results, told.errors, askApi.callCount], [[RESULT], [], 3]);
  });

  it("reports the third failure in a row, and gives the result once it is there", async () => {
    const { documents, opened } = aFirestore();
    const { told, listener } = aListener();
    const askApi = sinon.stub().rejects(away);
    watchJob(documents, "job-1", listener, anApi(askApi));
    opened[0]?.give(FIELDS, true);
    await clock.tickAsync(600_000);
    assert.deepEqual([told.results, told.errors], [[], ["unavailable"]]);
    askApi.resolves(RESULT);
    await clock.tickAsync(30_000);
    assert.deepEqual(told.results, [RESULT]);
  });

  it("stops reading a result when the watch is stopped, or when there is no result", async () => {
    const { documents, opened } = aFirestore();
    const { told, listener } = aListener();
    const askApi = sinon.stub().rejects(away);
    const stop = watchJob(documents, "job-1", listener, anApi(askApi));
    opened[0]?.give(FIELDS, true);
    await clock.tickAsync(0);
    stop();
    await clock.tickAsync(600_000);
    assert.deepEqual([askApi.callCount, clock.countTimers()], [1, 0]);
    askApi.rejects(new BatonError("not-found", "gone", { status: 404 }));
    watchJob(documents, "job-1", listener, anApi(askApi));
    opened[1]?.give(FIELDS, true);
    await clock.tickAsync(600_000);
    assert.deepEqual([askApi.callCount, told.errors], [2, ["not-found"]]);
  });

  it("asks the API when Firestore stalls", async () => {
    const { documents, opened } = aFirestore();
    const { told, listener } = aListener();
    const stuck = { ...documents, readResult: () => new Promise<undefined>(() => {}) };
    watchJob(stuck, "job-1", listener, anApi());
    opened[0]?.give(FIELDS, true);
    await clock.tickAsync(10_000);
    assert.deepEqual(told.results, [RESULT]);
  });

  it("asks the API for a job about which Firestore is silent for 30 s, less and less often, until it is final", async () => {
    const { documents, opened } = aFirestore();
    const { told, listener } = aListener();
    const queued: JobView = { ...FIELDS, jobId: "job-1", status: "queued", progress: 0, history: [] };
    const api = { ...anApi(), job: sinon.stub().resolves(queued) };
    watchJob(documents, "job-1", listener, api);
    opened[0]?.give({ ...FIELDS, status: "queued", progress: 0 }, true);
    await clock.tickAsync(29_999);
    assert.equal(api.job.callCount, 0);
    await clock.tickAsync(1 + 60_000 + 120_000);
    assert.deepEqual([api.job.callCount, told.jobs.length], [3, 1], "what is known already is not told again");
    opened[0]?.give({ ...FIELDS, status: "processing", updatedAt: "2026-01-01T00:00:01.000Z" }, true);
    const completed = { ...FIELDS, jobId: "job-1", status: "completed", updatedAt: "2026-01-01T00:00:02.000Z" };
    api.job.rejects(away);
    await clock.tickAsync(30_000);
    api.job.resolves(completed);
    await clock.tickAsync(60_000);
    assert.deepEqual(
      told.jobs.map(({ status }) => status),
      ["queued", "processing", "completed"],
    );
    assert.deepEqual([told.results, told.errors, clock.countTimers()], [[RESULT], [], 0]);
  });

  it("asks nothing once the watch is stopped", async () => {
    const { documents } = aFirestore();
    const api = anApi();
    watchJob(documents, "job-1", aListener().listener, api)();
    await clock.tickAsync(600_000);
    assert.equal(api.job.callCount, 0);
  });

  it("opens a listener again that breaks, also by the rules once the job was seen", async () => {
    const { documents, opened } = aFirestore();
    const { told, listener } = aListener();
    watchJob(documents, "job-1", listener, anApi());
    opened[0]?.give({ ...FIELDS, status: "queued" }, true);
    for (const code of ["unavailable", "permission-denied"]) {
      opened.at(-1)?.fail(firestoreError(code));
      await clock.tickAsync(30_000);
    }
    opened[2]?.give({ ...FIELDS, status: "processing" }, true);
    assert.deepEqual(
      [opened.length, told.jobs.map(({ status }) => status), told.errors],
      [3, ["queued", "processing"], []],
    );
  });

  it("ends at once when the rules refuse a job that was never seen", async () => {
    const { documents, opened } = aFirestore();
    const { told, listener } = aListener();
    watchJob(documents, "job-1", listener, anApi());
    opened[0]?.fail(firestoreError("permission-denied"));
    await clock.tickAsync(600_000);
    assert.deepEqual([opened.length, told.errors], [1, ["not-found"]]);
  });

  it("says when Firestore is out of reach and back, and shows the job once", async () => {
    const { documents, opened } = aFirestore();
    const { told, listener } = aListener();
    watchJob(documents, "job-1", listener, anApi());
    for (const isConnected of [true, false, false, true]) opened[0]?.give({ ...FIELDS, status: "queued" }, isConnected);
    assert.deepEqual([told.connections, told.jobs.length], [[true, false, true], 1]);
  });

  for (const jobId of ["a/b", "a\ud83d", ".", "..", "__x__", "x".repeat(1501)]) {
    it(`gives an error, and never throws, for the id ${JSON.stringify(jobId).slice(0, 12)}`, async () => {
      const { documents, opened } = aFirestore();
      const { told, listener } = aListener();
      watchJob(documents, jobId, listener, anApi());
      assert.deepEqual(told.errors, [], "not before the watch was returned");
      await clock.tickAsync(0);
      assert.deepEqual([told.errors, opened.length], [["not-found"], 0]);
    });
  }

  it("gives an error for an empty id, and for an owner or a limit that Firestore refuses", async () => {
    const { documents } = aFirestore();
    const { told, listener } = aListener();
    watchJob(documents, "", listener, anApi());
    watchJobsOf(documents, "", -1, { onJobs: () => {}, onError: (error) => void told.errors.push(error.code) });
    await clock.tickAsync(0);
    assert.deepEqual(told.errors, ["invalid-argument", "listener"]);
  });
});
