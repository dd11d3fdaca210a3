import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { bookTitle } from "./book-title.ts";

const ISBN = "9780141439600";

/** A catalogue that gives these answers, one after the other. */
function catalogue(...answers: Response[]): typeof fetch {
  return async () => answers.shift() ?? Response.json({ title: "A Tale of Two Cities" });
}

describe("bookTitle", () => {
  it("tries again 5 s after the first failure and 10 s after the second", async () => {
    const down = () => new Response("", { status: 503 });
    const job = await testJob(bookTitle(catalogue(down(), down())), { isbn: ISBN });
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.elapsedMs], ["completed", 3, 15_000]);
    assert.deepEqual(job.output, { title: "A Tale of Two Cities" });
  });

  it("comes back when the catalogue wants it to", async () => {
    const busy = new Response("", { status: 429, headers: { "retry-after": "120" } });
    const job = await testJob(bookTitle(catalogue(busy)), { isbn: ISBN });
    await job.runOnce();
    assert.deepEqual([job.status, job.waitingFor], ["pending", "time"]);
    assert.deepEqual(job.error, { code: "catalogue-busy", message: "The catalogue asked for a pause." });
    await job.run();
    assert.deepEqual([job.status, job.elapsedMs], ["completed", 120_000]);
  });

  it("fails at once when there is no such book", async () => {
    const job = await testJob(bookTitle(catalogue(new Response("", { status: 404 }))), { isbn: ISBN });
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, "no-such-book"]);
  });
});
