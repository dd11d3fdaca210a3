import assert from "node:assert/strict";
import sinon from "sinon";
import { noJobFiles } from "../../../engine/src/files/job-files.ts";
import { newFile } from "../../../engine/src/files/rules/file.ts";
import type { FileData, JobFiles } from "../../../engine/src/job-types/define-job.ts";
import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import { randomJobId } from "../../support/jobs.ts";
import { aWorker, type Handler } from "../run/a-worker.ts";

const HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const TEXT = { contentType: "text/plain" };

/** Runs one delivery of a fresh job, and answers what became of it. */
async function run(handler: Handler, given: Parameters<ReturnType<typeof aWorker>["stored"]>[0] = {}) {
  const worker = aWorker(handler);
  const jobId = await worker.stored(given);
  await worker.run(jobId);
  const [job, result] = [await worker.jobs.read(jobId), await worker.jobs.readResult(jobId)];
  return { ...worker, jobId, job, result, stored: await worker.records.list(jobId, 10) };
}

/** A handler that writes one file. */
const writes =
  (data: FileData, name = "a.txt", options = TEXT): Handler =>
  ({ files }) =>
    files.write(name, data, options);

async function* pieces() {
  yield "he";
  yield new TextEncoder().encode("llo");
}

describe("files.write", () => {
  for (const [what, data] of [
    ["text", () => "hello"],
    ["bytes", () => new TextEncoder().encode("hello")],
    ["a list of pieces", () => ["he", "llo"]],
    ["an asynchronous generator", pieces],
    ["a web stream", () => new Blob(["hello"]).stream()],
  ] as const) {
    it(`stores ${what}, and gives size and SHA-256`, async () => {
      const { result, stored, objects } = await run((context, input) => writes(data())(context, input));
      const [file] = stored;
      assert.deepEqual(result?.output, {
        ...{ fileId: file?.fileId, name: "a.txt", contentType: "text/plain", bytes: 5, sha256: HELLO },
      });
      const object = objects.objects.get(file?.object ?? "");
      assert.deepEqual([object?.contentType, Buffer.from(object?.bytes ?? []).toString()], ["text/plain", "hello"]);
    });
  }

  it("uploads nothing again in the next attempt", async () => {
    const seen: unknown[] = [];
    const worker = aWorker(async ({ files, attempt }) => {
      seen.push(await files.write("a.txt", `attempt ${attempt}`, TEXT));
      if (attempt === 1) throw new Error("later");
    });
    const jobId = await worker.stored();
    await worker.runToEnd(jobId);
    assert.equal(seen.length, 2);
    assert.deepEqual(seen[0], seen[1]);
    const texts = [...worker.objects.objects.values()].map(({ bytes }) => Buffer.from(bytes).toString());
    assert.deepEqual(texts, ["attempt 1"]);
  });

  it("writes its record before the first byte", async () => {
    const states: (string | undefined)[] = [];
    const worker = aWorker(async ({ files }) => {
      async function* data() {
        const due = await worker.records.listDue(new Date("2027-01-01T00:00:00.000Z"), 10);
        states.push(...due.map(({ file }) => file?.state));
        yield "x";
      }
      await files.write("a.txt", data(), TEXT);
    });
    await worker.run(await worker.stored());
    assert.deepEqual(states, ["open"]);
  });

  it("fails the job for good with more bytes than its owner's tier allows, and stores none", async () => {
    for (const data of ["hello", () => pieces()]) {
      const given = () => (typeof data === "string" ? data : data());
      const { result, stored, objects } = await run((context, input) => writes(given())(context, input), {
        maxFileBytes: 4,
      });
      assert.deepEqual([result?.status, result?.error?.code], ["failed", "file-too-large"]);
      assert.match(result?.error?.message ?? "", /File "a.txt" has more than the 4 bytes/);
      assert.deepEqual([stored, objects.objects.size], [[], 0]);
    }
    const exact = await run(writes("hello"), { maxFileBytes: 5 });
    assert.equal(exact.result?.status, "completed");
  });

  for (const name of ["", ".hidden", "..", "a/b", "a\\b", "a b", "ü", "a\n", `a${"b".repeat(200)}`, 7, undefined]) {
    it(`refuses the name ${JSON.stringify(name)} for good`, async () => {
      const write = (files: JobFiles) => Reflect.apply(files.write, undefined, [name, "x", TEXT]);
      const { result, objects } = await run(({ files }) => write(files));
      assert.deepEqual([result?.error?.code, objects.objects.size], ["invalid-file", 0]);
    });
  }

  it("takes a name of 200 letters, digits, dots, lines and dashes", async () => {
    const name = `a-1_${"b".repeat(192)}.tar`.slice(0, 200);
    assert.equal((await run(writes("x", name))).result?.status, "completed");
  });

  for (const [what, data, options] of [
    ["data that is none", 7, TEXT],
    ["a piece that is neither text nor bytes", [7], TEXT],
    ["no options", "x", undefined],
    ["a content type that is none", "x", { contentType: "text" }],
    ["a content type with a line break", "x", { contentType: "text/plain\r\nx: y" }],
  ] as const) {
    it(`refuses ${what} for good`, async () => {
      const { result } = await run(({ files }) => Reflect.apply(files.write, undefined, ["a.txt", data, options]));
      assert.deepEqual([result?.status, result?.error?.code], ["failed", "invalid-file"]);
    });
  }

  it("refuses a name that this run has written", async () => {
    const { result } = await run(async ({ files }) => {
      await files.write("a.txt", "x", TEXT);
      await files.write("a.txt", "y", TEXT);
    });
    assert.equal(result?.error?.code, "duplicate-step");
  });

  it("refuses to be called within a step", async () => {
    const { result } = await run(({ step, files }) => step("outer", () => files.write("a.txt", "x", TEXT)));
    assert.equal(result?.error?.code, "nested-step");
  });

  it("ends an upload when the job is cancelled, and records nothing", async () => {
    const worker = aWorker(({ files }) => files.write("a.txt", endless(), TEXT));
    async function* endless() {
      for (;;) {
        await worker.clock.pause(500);
        yield "x";
      }
    }
    const jobId = await worker.stored();
    const running = runJob(worker.ports, jobId);
    await worker.clock.advance(5000);
    await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
    await worker.clock.runUntil(running);
    assert.equal((await worker.jobs.read(jobId))?.status, "cancelled");
    assert.deepEqual([await worker.records.list(jobId, 10), worker.objects.objects.size], [[], 0]);
  });

  it("records nothing for a worker whose lease another one has, whose own file counts", async () => {
    const worker = aWorker(async ({ files, attempt }) => {
      async function* data() {
        if (attempt === 1) await worker.clock.pause(30_000);
        yield `attempt ${attempt}`;
      }
      await files.write("a.txt", data(), TEXT);
    });
    const jobId = await worker.stored();
    sinon.stub(worker.jobs, "watchLease").returns(() => {});
    const first = runJob(worker.ports, jobId);
    await worker.clock.advance(10_000);
    // As when this worker did not report for longer than its lease.
    const job = await worker.jobs.read(jobId);
    assert.ok(job?.lease);
    await worker.jobs.put({ ...job, lease: { ...job.lease, until: new Date(0) } }, { n: 7 });
    await runJob(worker.ports, jobId);
    await worker.clock.runUntil(first);
    const [file, ...others] = await worker.records.list(jobId, 10);
    assert.deepEqual(others, []);
    const content = worker.objects.objects.get(file?.object ?? "")?.bytes ?? [];
    assert.equal(Buffer.from(content).toString(), "attempt 2");
  });

  it("fails for good in a deployment without a bucket", async () => {
    const worker = aWorker(writes("x"));
    const jobId = await worker.stored();
    await worker.clock.runUntil(runJob({ ...worker.ports, files: noJobFiles }, jobId));
    assert.equal((await worker.jobs.readResult(jobId))?.error?.code, "files-not-configured");
  });
});

describe("files.read", () => {
  it("gives a file of the job, all at once and piece by piece, also within a step", async () => {
    const { result } = await run(async ({ files, step }) => {
      await files.write("a.txt", "hello", TEXT);
      const file = await files.read("a.txt");
      const chunks: Uint8Array[] = [];
      for await (const chunk of file.stream()) chunks.push(chunk);
      const text = await step("read", async () => Buffer.from(await (await files.read("a.txt")).content()).toString());
      return [file.name, file.contentType, file.bytes, file.sha256, Buffer.concat(chunks).toString(), text];
    });
    assert.deepEqual(result?.output, ["a.txt", "text/plain", 5, HELLO, "hello", "hello"]);
  });

  /** Runs a handler that reads upload `fileId` of `owner`, whose bytes have come. */
  async function readUpload(owner: string, reads: (files: JobFiles, fileId: string) => Promise<unknown>) {
    const fileId = randomJobId();
    const worker = aWorker(({ files }) => reads(files, fileId));
    const facts = { fileId, owner, name: "in.txt", contentType: "text/plain", retentionMs: 1000 };
    const file = newFile(facts, worker.clock.now());
    await worker.records.create(file);
    worker.objects.objects.set(file.object, { contentType: "text/plain", bytes: Buffer.from("hello") });
    const jobId = await worker.stored();
    await worker.run(jobId);
    return worker.jobs.readResult(jobId);
  }
  const readById = async (files: JobFiles, fileId: string) => {
    const file = await files.read({ fileId });
    return [file.name, file.bytes, Buffer.from(await file.content()).toString()];
  };

  it("gives an upload of the job's owner, as soon as its bytes are there", async () => {
    assert.deepEqual((await readUpload("alice", readById))?.output, ["in.txt", 5, "hello"]);
  });

  it("gives no file of another owner", async () => {
    assert.equal((await readUpload("bob", readById))?.error?.code, "file-not-found");
  });

  it("fails for good for a file that is not there", async () => {
    for (const file of ["b.txt", { fileId: "AAAAAAAAAAAAAAAAAAAA" }]) {
      const { result } = await run(({ files }) => files.read(file));
      assert.equal(result?.error?.code, "file-not-found");
    }
  });

  it("refuses what names no file", async () => {
    const { result } = await run(({ files }) => Reflect.apply(files.read, undefined, [{ fileId: "../x" }]));
    assert.equal(result?.error?.code, "invalid-file");
  });

  it("fails the attempt when the bytes are not those that were written", async () => {
    const worker = aWorker(async ({ files }) => {
      const { name } = await files.write("a.txt", "hello", TEXT);
      for (const object of worker.objects.objects.values()) object.bytes = Buffer.from("hallo");
      return (await files.read(name)).content();
    });
    const jobId = await worker.stored();
    await worker.run(jobId);
    const job = await worker.jobs.read(jobId);
    assert.deepEqual([job?.status, job?.history.at(-1)?.reason], ["queued", "attempt-failed"]);
    const logged = [...worker.log.warn.args, ...worker.log.error.args].map(([, fields]) => String(fields.error));
    assert.deepEqual(logged, ['Error: The bytes of file "a.txt" are not those that were written.']);
  });
});
