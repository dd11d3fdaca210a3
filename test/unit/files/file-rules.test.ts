import assert from "node:assert/strict";
import { type FileRecord, fateOf, newFile, nextLookAtFile } from "../../../engine/src/files/rules/file.ts";

const at = (text: string) => new Date(`2026-01-01T${text}Z`);
const T0 = at("00:00:00.000");
const facts = { fileId: "a-file", owner: "ada", name: "a.txt", contentType: "text/plain" };
const ofJob = (given: Partial<FileRecord> = {}): FileRecord => ({
  ...newFile({ ...facts, jobId: "a-job" }, T0),
  ...given,
});
const upload = (given: Partial<FileRecord> = {}): FileRecord => ({
  ...newFile({ ...facts, retentionMs: 5000 }, T0),
  ...given,
});
const job = { status: "completed", finishedAt: T0, expireAt: at("12:00:00.000") };

describe("newFile", () => {
  it("is open, and looked at an hour later", () => {
    const file = ofJob();
    assert.deepEqual([file.state, file.dueAt, file.keepUntil], ["open", at("01:00:00.000"), undefined]);
    assert.deepEqual(upload().keepUntil, at("00:00:05.000"));
  });

  it("lies below the folders of its owner and its job, and that of its own", () => {
    assert.equal(ofJob().object, "batonFiles/ada/a-job/a-file/a.txt");
    assert.equal(upload().object, "batonFiles/ada/uploads/a-file/a.txt");
  });

  it("keeps an owner in one folder, which no other owner has", () => {
    const folderOf = (owner: string) => newFile({ ...facts, owner }, T0).object.split("/uploads")[0];
    assert.equal(folderOf("ada/uploads"), "batonFiles/ada%2Fuploads");
    assert.equal(folderOf("ada%2Fuploads"), "batonFiles/ada%252Fuploads");
    assert.equal(folderOf("tenant:T:a@b\n"), "batonFiles/tenant:T:a@b%0A");
  });
});

describe("fateOf a file of a job", () => {
  const stored = ofJob({ state: "stored", bytes: 3 });

  it("deletes one whose upload never ended", () => {
    assert.deepEqual(fateOf(ofJob(), { job }, T0), { kind: "delete" });
  });

  it("deletes one whose job is gone, was cancelled, or has expired", () => {
    assert.deepEqual(fateOf(stored, {}, T0), { kind: "delete" });
    assert.deepEqual(fateOf(stored, { job: { ...job, status: "cancelled" } }, T0), { kind: "delete" });
    assert.deepEqual(fateOf(stored, { job }, at("12:00:00.000")), { kind: "delete" });
  });

  it("keeps one of a final job until the job expires", () => {
    assert.deepEqual(fateOf(stored, { job }, at("11:59:59.999")), { kind: "keep", until: at("12:00:00.000") });
    const failed = { ...job, status: "failed" };
    assert.deepEqual(fateOf(stored, { job: failed }, T0), { kind: "keep", until: at("12:00:00.000") });
  });

  it("looks again at one whose job is not final, however old the job is", () => {
    const running = { status: "processing", expireAt: T0 };
    const fate = fateOf(stored, { job: running }, at("00:10:00.000"));
    assert.deepEqual(fate, { kind: "keep", until: at("00:20:00.000") });
  });
});

describe("fateOf an upload", () => {
  it("deletes one whose bytes never came", () => {
    assert.deepEqual(fateOf(upload(), {}, T0), { kind: "delete" });
  });

  it("notes the bytes of one that is there, and keeps it for its retention", () => {
    assert.deepEqual(fateOf(upload(), { bytes: 7 }, T0), { kind: "keep", until: at("00:00:05.000"), bytes: 7 });
    const stored = upload({ state: "stored", bytes: 7 });
    assert.deepEqual(fateOf(stored, {}, T0), { kind: "keep", until: at("00:00:05.000") });
    assert.deepEqual(fateOf(stored, {}, at("00:00:05.000")), { kind: "delete" });
  });

  it("deletes what an erasure left of it", () => {
    assert.deepEqual(fateOf(undefined, {}, T0), { kind: "delete" });
  });
});

describe("nextLookAtFile", () => {
  it("comes after as long as the file has been there, a minute to an hour", () => {
    const next = (now: string) => nextLookAtFile({ createdAt: T0 }, at(now));
    assert.deepEqual(next("00:00:01.000"), at("00:01:01.000"));
    assert.deepEqual(next("00:05:00.000"), at("00:10:00.000"));
    assert.deepEqual(next("03:00:00.000"), at("04:00:00.000"));
  });
});
