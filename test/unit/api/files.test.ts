import assert from "node:assert/strict";
import { newFile } from "../../../engine/src/files/rules/file.ts";
import { memoryFileRecords } from "../../../engine/src/testing/memory-file-records.ts";
import { memoryObjectStore } from "../../../engine/src/testing/memory-object-store.ts";
import { anApi, FIRST_ID, NOW } from "./an-api.ts";

const UPLOAD = { name: "in.txt", contentType: "text/plain", bytes: 5 };
const SHA256 = "a".repeat(64);

/** An API with files in memory, and one job of alice. */
async function anApiWithFiles() {
  const records = memoryFileRecords({ keep: async () => ({ outcome: "lease-lost" }) });
  const api = anApi({ files: { records, objects: memoryObjectStore() } });
  await api.submit({ type: "count.words", input: { text: "a" } });
  const facts = { owner: "alice", jobId: FIRST_ID, contentType: "text/csv" };
  for (const [index, name] of ["b.csv", "a.csv", "open.csv"].entries()) {
    const file = newFile({ ...facts, fileId: `FileFileFileFileFile${index}`.slice(1), name }, NOW);
    const stored = { state: "stored", bytes: 5, sha256: SHA256 } as const;
    await records.create({ ...file, ...(name !== "open.csv" && stored) });
  }
  return { ...api, records };
}

describe("GET /v1/jobs/{jobId}/files", () => {
  it("lists the stored files of an own job, by name, with size, type and SHA-256", async () => {
    const { call } = await anApiWithFiles();
    const { status, body } = await call("GET", `/v1/jobs/${FIRST_ID}/files`, { as: "alice" });
    assert.equal(status, 200);
    const facts = { contentType: "text/csv", bytes: 5, sha256: SHA256, createdAt: NOW.toISOString() };
    assert.deepEqual(body, {
      files: [
        { fileId: "ileFileFileFileFile1", name: "a.csv", ...facts },
        { fileId: "ileFileFileFileFile0", name: "b.csv", ...facts },
      ],
    });
  });

  it("shows an admin those of anybody, and another user nothing", async () => {
    const { call } = await anApiWithFiles();
    assert.equal((await call("GET", `/v1/jobs/${FIRST_ID}/files`, { as: "admin" })).body.files.length, 2);
    const { status, body } = await call("GET", `/v1/jobs/${FIRST_ID}/files`, { as: "bob" });
    assert.deepEqual([status, body.code], [404, "not-found"]);
  });

  it("is empty in a deployment without a bucket", async () => {
    const { call, submit } = anApi();
    await submit({ type: "count.words", input: { text: "a" } });
    assert.deepEqual((await call("GET", `/v1/jobs/${FIRST_ID}/files`, { as: "alice" })).body, { files: [] });
  });
});

describe("GET /v1/jobs/{jobId}/files/{name}", () => {
  it("redirects to an address of the bytes", async () => {
    const { call } = await anApiWithFiles();
    const { status, headers } = await call("GET", `/v1/jobs/${FIRST_ID}/files/a.csv`, { as: "alice" });
    assert.equal(status, 302);
    const object = `batonFiles/alice/${FIRST_ID}/ileFileFileFileFile1/a.csv`;
    assert.equal(headers.get("location"), `https://storage.test/${object}`);
    assert.equal(headers.get("cache-control"), "no-store");
  });

  it("names the address to a client that asks for JSON first, and redirects every other one", async () => {
    const { call } = await anApiWithFiles();
    const path = `/v1/jobs/${FIRST_ID}/files/a.csv`;
    const read = (accept: string) => call("GET", path, { as: "alice", headers: { accept } });
    const { status, body, headers } = await read("application/json");
    const url = `https://storage.test/batonFiles/alice/${FIRST_ID}/ileFileFileFileFile1/a.csv`;
    assert.deepEqual([status, body], [200, { url, expiresAt: "2026-03-01T12:05:00.000Z" }]);
    assert.match(headers.get("vary") ?? "", /\bAccept\b/);
    for (const accept of ["*/*", "text/csv, application/json", "application/jsonx", ""])
      assert.equal((await read(accept)).status, 302, accept);
  });

  it("knows no file of a cancelled job, which are about to be deleted", async () => {
    const { call } = await anApiWithFiles();
    await call("DELETE", `/v1/jobs/${FIRST_ID}`, { as: "alice" });
    assert.equal((await call("GET", `/v1/jobs/${FIRST_ID}/files/a.csv`, { as: "alice" })).status, 404);
    assert.deepEqual((await call("GET", `/v1/jobs/${FIRST_ID}/files`, { as: "alice" })).body, { files: [] });
  });

  it("tells another user nothing, and knows no file that is not stored", async () => {
    const { call } = await anApiWithFiles();
    const paths = [
      ["bob", `/v1/jobs/${FIRST_ID}/files/a.csv`],
      ["alice", `/v1/jobs/${FIRST_ID}/files/open.csv`],
      ["alice", `/v1/jobs/${FIRST_ID}/files/..%2Fa.csv`],
      ["alice", "/v1/jobs/AAAAAAAAAAAAAAAAAAA9/files/a.csv"],
    ] as const;
    for (const [as, path] of paths) assert.equal((await call("GET", path, { as })).status, 404, path);
  });
});

describe("POST /v1/files", () => {
  it("answers where to send the bytes, and stores the record before", async () => {
    const { send, records } = await anApiWithFiles();
    const { status, body } = await send("POST", "/v1/files", UPLOAD);
    assert.equal(status, 201);
    const object = `batonFiles/alice/uploads/${body.fileId}/in.txt`;
    assert.deepEqual(body, {
      fileId: body.fileId,
      url: `https://storage.test/${object}`,
      headers: { "content-type": "text/plain" },
      expiresAt: "2026-03-01T12:15:00.000Z",
    });
    const record = await records.read(body.fileId);
    assert.deepEqual([record?.owner, record?.state, record?.object], ["alice", "open", object]);
    assert.deepEqual(record?.keepUntil, new Date("2026-03-31T12:00:00.000Z"));
  });

  it("refuses more bytes than the tier allows", async () => {
    const { send } = await anApiWithFiles();
    const { status, body } = await send("POST", "/v1/files", { ...UPLOAD, bytes: 100_000_001 });
    assert.deepEqual([status, body.code, body.errors[0].pointer], [413, "file-too-large", "/bytes"]);
    assert.equal((await send("POST", "/v1/files", { ...UPLOAD, bytes: 100_000_000 })).status, 201);
  });

  for (const wrong of [
    { name: "../x" },
    { name: "a/b" },
    { contentType: "text" },
    { bytes: 0 },
    { bytes: 1.5 },
    { x: 1 },
  ]) {
    it(`refuses ${JSON.stringify(wrong)}`, async () => {
      const { send } = await anApiWithFiles();
      const { status, body } = await send("POST", "/v1/files", { ...UPLOAD, ...wrong });
      assert.deepEqual([status, body.code], [400, "invalid-request"]);
    });
  }

  it("grants so many a minute as the tier says", async () => {
    const { ports } = await anApiWithFiles();
    const tiers = { free: { ...ports.tiers.free, uploadsPerMinute: 6 } };
    const { send } = anApi({ ...(ports.files && { files: ports.files }), tiers });
    const statuses: number[] = [];
    for (let asked = 0; asked < 3; asked++) statuses.push((await send("POST", "/v1/files", UPLOAD)).status);
    assert.deepEqual(statuses, [201, 201, 429]);
  });

  it("is unavailable in a deployment without a bucket", async () => {
    const { status, body } = await anApi().send("POST", "/v1/files", UPLOAD);
    assert.deepEqual([status, body.code], [503, "unavailable"]);
    assert.match(body.detail, /FILES_BUCKET/);
  });
});
