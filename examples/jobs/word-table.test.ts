import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { wordTable } from "./word-table.ts";

const fileId = "UploadUploadUpload01";
const uploads = { [fileId]: { name: "a.txt", contentType: "text/plain", content: "to be or not to be" } };

describe("word.table", () => {
  it("counts the words of an upload into a file", async () => {
    const job = await testJob(wordTable, { text: { fileId } }, { uploads });
    await job.run();
    assert.deepEqual(job.output, { table: "words.csv", words: 4 });
    const table = job.files.get("words.csv");
    assert.equal(table?.contentType, "text/csv");
    assert.equal(Buffer.from(table.content).toString(), "word,count\nto,2\nbe,2\nor,1\nnot,1\n");
  });

  it("fails for good when the upload is not there", async () => {
    const job = await testJob(wordTable, { text: { fileId } });
    await job.run();
    assert.deepEqual([job.status, job.error?.code], ["failed", "file-not-found"]);
  });

  it("writes its file again when the worker dies before it is recorded", async () => {
    const job = await testJob(wordTable, { text: { fileId } }, { uploads });
    job.killIn("file:words.csv");
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.step("file:words.csv").runs], ["completed", 2, 2]);
  });
});
