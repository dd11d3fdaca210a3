import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
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
});
