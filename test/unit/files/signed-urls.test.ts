import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudStorage } from "../../../engine/src/files/storage/cloud-storage.ts";

describe("the URLs that Cloud Storage is to take", () => {
  const before_ = process.env.GOOGLE_APPLICATION_CREDENTIALS;
  const store = cloudStorage({ projectId: "demo", bucket: "a-bucket", emulator: "" });
  const expiresAt = () => new Date(Date.now() + 300_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "key-"));
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = {
      ...{ type: "service_account", project_id: "demo", client_email: "api@demo.iam.gserviceaccount.com" },
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    };
    process.env.GOOGLE_APPLICATION_CREDENTIALS = join(folder, "key.json");
    await writeFile(process.env.GOOGLE_APPLICATION_CREDENTIALS, JSON.stringify(key));
  });
  after(async () => {
    delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
    if (before_ !== undefined) process.env.GOOGLE_APPLICATION_CREDENTIALS = before_;
    await rm(folder, { recursive: true });
  });

  it("give a download a name, and count for as long as is said", async () => {
    const url = new URL(await store.downloadUrl("batonFiles/ada/j/f/a.txt", { name: "a.txt", expiresAt: expiresAt() }));
    assert.equal(url.origin + url.pathname, "https://storage.googleapis.com/a-bucket/batonFiles/ada/j/f/a.txt");
    assert.equal(url.searchParams.get("X-Goog-Algorithm"), "GOOG4-RSA-SHA256");
    assert.equal(url.searchParams.get("response-content-disposition"), 'attachment; filename="a.txt"');
    assert.ok(Math.abs(Number(url.searchParams.get("X-Goog-Expires")) - 300) <= 1);
    assert.match(url.searchParams.get("X-Goog-Signature") ?? "", /^[0-9a-f]{512}$/);
  });

  it("sign the size, the type and the generation of an upload", async () => {
    const facts = { contentType: "text/csv", bytes: 5, expiresAt: expiresAt() };
    const { url, headers } = await store.uploadUrl("batonFiles/ada/uploads/f/a.csv", facts);
    assert.deepEqual(headers, {
      "content-type": "text/csv",
      "x-goog-content-length-range": "5,5",
      "x-goog-if-generation-match": "0",
    });
    const signed = new URL(url).searchParams.get("X-Goog-SignedHeaders");
    assert.equal(signed, "content-type;host;x-goog-content-length-range;x-goog-if-generation-match");
  });
});
