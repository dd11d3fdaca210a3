import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { cloudStorage } from "../../../../engine/src/files/storage/cloud-storage.ts";
import { type Listening, listen } from "../../../../local/http.ts";
import { storageHandler } from "../../../../local/storage/handler.ts";

const MIB = 1024 * 1024;

describe("the storage of the local cloud, asked by the real client", () => {
  let folder: string;
  let server: Listening;
  let objects: ReturnType<typeof cloudStorage>;
  const signal = new AbortController().signal;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "storage-"));
    server = await listen(storageHandler(folder, { allowedOrigins: [] }), 0, { name: "storage" });
    objects = cloudStorage({ projectId: "demo", bucket: "a-bucket", emulator: server.url });
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function readAll(object: string): Promise<Buffer | undefined> {
    const stream = await objects.open(object);
    if (!stream) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function* pieces(bytes: Buffer, size: number) {
    for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
  }

  it("stores a small object in one request, with any bytes in it", async () => {
    const bytes = Buffer.concat([Buffer.from("--boundary\r\n\r\n"), randomBytes(1000), Buffer.from("\r\n")]);
    await objects.upload("batonFiles/ada/a job/ü.bin", pieces(bytes, 100), { contentType: "text/csv", signal });
    assert.deepEqual(await readAll("batonFiles/ada/a job/ü.bin"), bytes);
    assert.equal(await objects.sizeOf("batonFiles/ada/a job/ü.bin"), bytes.length);
  });

  it("stores a large object of unknown size in chunks", async () => {
    const bytes = randomBytes(20 * MIB + 5);
    await objects.upload("large", pieces(bytes, 300_000), { contentType: "application/octet-stream", signal });
    assert.equal((await readAll("large"))?.equals(bytes), true);
  });

  it("stores an empty object", async () => {
    await objects.upload("empty", Readable.from([]), { contentType: "text/plain", signal });
    assert.equal(await objects.sizeOf("empty"), 0);
    assert.equal((await readAll("empty"))?.length, 0);
  });

  it("serves the paths of a client that has its address from the environment, and refuses others", async () => {
    await objects.upload("plain", Readable.from([Buffer.from("hello")]), { contentType: "text/plain", signal });
    const answer = await fetch(`${server.url}/b/a-bucket/o/plain?alt=media`);
    assert.deepEqual([answer.status, await answer.text()], [200, "hello"]);
    assert.equal((await fetch(`${server.url}/b/a-bucket`)).status, 400);
    assert.equal((await fetch(`${server.url}/b/a-bucket/o/plain`, { method: "DELETE" })).status, 204);
    assert.equal((await fetch(`${server.url}/b/a-bucket/o/plain`, { method: "DELETE" })).status, 404);
  });

  it("gives a range of bytes", async () => {
    await objects.upload("range", Readable.from([Buffer.from("hello")]), { contentType: "text/plain", signal });
    const url = `${server.url}/storage/v1/b/a-bucket/o/range?alt=media`;
    const answer = await fetch(url, { headers: { range: "bytes=1-3" } });
    assert.deepEqual(
      [answer.status, answer.headers.get("content-range"), await answer.text()],
      [206, "bytes 1-3/5", "ell"],
    );
  });

  describe("a signed URL", () => {
    const inMs = (ms: number) => new Date(Date.now() + ms);

    it("gives the bytes to any page until it expires, as a download", async () => {
      await objects.upload("shown", Readable.from([Buffer.from("hello")]), { contentType: "text/plain", signal });
      const get = (url: string) => fetch(url, { headers: { origin: "null" } });
      const answer = await get(await objects.downloadUrl("shown", { name: "a.txt", expiresAt: inMs(60_000) }));
      assert.deepEqual([answer.status, await answer.text()], [200, "hello"]);
      assert.equal(answer.headers.get("access-control-allow-origin"), "*");
      assert.equal(answer.headers.get("content-disposition"), 'attachment; filename="a.txt"');
      const expired = await get(await objects.downloadUrl("shown", { name: "a.txt", expiresAt: inMs(-2000) }));
      assert.equal(expired.status, 400);
    });

    it("takes bytes of the signed size, once", async () => {
      const facts = { contentType: "text/plain", bytes: 5, expiresAt: inMs(60_000) };
      const { url, headers } = await objects.uploadUrl("sent", facts);
      const put = async (body: string) => (await fetch(url, { method: "PUT", headers, body })).status;
      assert.deepEqual(
        [await put("hell"), await put("hello!"), await put("hello"), await put("hallo")],
        [400, 400, 200, 412],
      );
      assert.equal((await readAll("sent"))?.toString(), "hello");
    });
  });

  it("lets a page of another site do nothing else", async () => {
    const headers = { origin: "https://evil.example" };
    const url = `${server.url}/upload/storage/v1/b/a-bucket/o?uploadType=media&name=evil`;
    assert.equal((await fetch(url, { method: "POST", headers, body: "x" })).status, 403);
    assert.equal(await objects.sizeOf("evil"), undefined);
  });

  it("leaves no file behind of what was deleted or broken off", async () => {
    const before = (await readdir(folder)).length;
    await objects.upload("gone", Readable.from([Buffer.from("x")]), { contentType: "text/plain", signal });
    await objects.delete("gone");
    await assert.rejects(
      objects.upload("large", pieces(randomBytes(9 * MIB), MIB), { contentType: "text/plain", signal }),
    );
    assert.equal((await readdir(folder)).length, before);
  });
});
