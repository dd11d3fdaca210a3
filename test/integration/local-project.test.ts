import assert from "node:assert/strict";
import { z } from "zod";
import { signIn } from "../../local/users.ts";
import { type ProjectCloud, startProjectCloud } from "../support/project-cloud.ts";
import { waitFor } from "../support/wait-for.ts";

const EUROPE = "europe-west1";

describe("a local cloud for a team's own project", () => {
  let app: ProjectCloud;
  before(async () => {
    app = await startProjectCloud();
  });
  after(() => app?.stop());

  const line = (pattern: RegExp) =>
    waitFor(`a line like ${pattern}`, async () => app.lines.find((each) => pattern.test(each)) ?? false);
  const get = async (url: string): Promise<unknown> => (await fetch(url)).json();

  it("calls an HTTPS function at its own address, with its variables, its secret and its path", async () => {
    assert.deepEqual(await get(`${app.url("hello", EUROPE)}/a/b?c=1`), {
      path: "/a/b",
      query: { c: "1" },
      greeting: "moin",
      key: "sesame",
      mail: "shop@example.com",
    });
    const elsewhere = await fetch(app.url("hello"));
    assert.equal(elsewhere.status, 404);
    assert.match(await elsewhere.text(), /There is no function hello in us-central1 that HTTP calls\./);
  });

  it("prints what the author's code prints, by function", async () => {
    await fetch(`${app.url("hello", EUROPE)}/printed`);
    await line(/^hello \| hello from the author at \/printed$/);
  });

  it("prints an error as a sentence and the author's line", async () => {
    await fetch(app.url("broken"));
    const at = app.lines.indexOf(await line(/^broken \| .*Error: the shop is closed$/));
    assert.match(app.lines[at + 1] ?? "", /^broken \| {5}at .*functions\/index\.js:\d+:\d+\)?$/);
    assert.doesNotMatch(app.lines[at + 2] ?? "", /^broken \| {5}at /);
  });

  it("calls a callable function as its clients do", async () => {
    assert.deepEqual(await app.post(app.url("add"), { data: { a: 1, b: 2 } }), {
      status: 200,
      body: JSON.stringify({ result: { sum: 3, uid: null } }),
    });
  });

  it("tells functions of documents that are created, updated and deleted, and by whom", async () => {
    await app.write("POST", "one");
    await app.calls("noteCreated", "one", 1);
    await app.write("PATCH", "one");
    await app.calls("noteUpdated", "one", 1);
    await app.write("DELETE", "one");
    await app.calls("noteDeleted", "one", 1);
    await app.calls("noteWritten", "one", 3);
    await app.calls("noteBy", "one", 1);
  });

  it("keeps the documents of a named database apart", async () => {
    await app.write("POST", "old", "archive");
    await app.calls("archived", "old", 1);
    await app.write("POST", "new");
    await app.calls("noteCreated", "new", 1);
    assert.equal((await app.calls("archived", "old", 1)).length, 1);
  });

  it("drops the failed message of a function that asks for no retry", async () => {
    const { pubsubHost, projectId } = app.cloud.addresses;
    const topic = `http://${pubsubHost}/v1/projects/${projectId}/topics/mail:publish`;
    await app.post(topic, { messages: [{ attributes: { key: "lost", fails: "true" } }] });
    await waitFor("the message to be dropped", async () => app.cloud.stats().mail?.dropped === 1);
    assert.equal((await app.calls("mail", "lost", 1)).length, 1);
  });

  it("calls a scheduled function by the clock, and by hand", async () => {
    await app.calls("tick", "tick", 1);
    assert.equal((await app.post(app.url("tick"), {})).status, 200);
  });

  it("runs the tasks that a function enqueues, each id once, and repeats one that fails as often as its queue says", async () => {
    const enqueue = (data: object, options: object) => app.post(app.url("enqueue"), { data, options });
    assert.equal((await enqueue({ key: "once" }, { id: "first" })).status, 204);
    const [call] = await app.calls("resize", "once", 1);
    assert.deepEqual({ id: call?.id, retryCount: call?.retryCount }, { id: "first", retryCount: 0 });
    assert.deepEqual(await enqueue({ key: "once" }, { id: "first" }), {
      status: 409,
      body: JSON.stringify({ code: "functions/task-already-exists" }),
    });
    const sentAt = Date.now();
    assert.equal((await enqueue({ key: "fails", fails: true }, { scheduleDelaySeconds: 2 })).status, 204);
    const [first, second] = await app.calls("resize", "fails", 2);
    assert.ok((first?.at ?? 0) - sentAt > 900, "it came at its time");
    assert.equal(second?.retryCount, 1);
    await waitFor("the task to be given up", async () => app.cloud.stats().resize?.dropped === 1);
  });

  it("names a function that nothing here calls in one line", () => {
    const named = app.lines.filter((each) => each.includes("uploaded"));
    assert.deepEqual(named, ["bridge | uploaded is never called here: google.cloud.storage.object.v1.finalized"]);
  });

  it("runs a job of Baton beside them", async () => {
    const { apiUrl, authHost } = app.cloud.addresses;
    const headers = { authorization: `Bearer ${await signIn(authHost, "ada")}`, "content-type": "application/json" };
    const body = JSON.stringify({ type: "greet", input: { name: "Ada" } });
    const submitted = await fetch(`${apiUrl}/v1/jobs`, { method: "POST", headers, body });
    assert.equal(submitted.status, 202, await submitted.clone().text());
    const { jobId } = z.object({ jobId: z.string() }).parse(await submitted.json());
    const read = async () => (await fetch(`${apiUrl}/v1/jobs/${jobId}/result`, { headers })).text();
    await waitFor("the job's result", async () => (await read()).includes("Hello Ada"));
  });

  describe("whose file is saved", () => {
    const answer = async () => z.looseObject({}).parse(await get(app.url("hello", EUROPE)));

    it("answers by the new code", async () => {
      await app.edit("index.js", (text) => text.replace("greeting: process", "version: 2, greeting: process"));
      await waitFor("the new version", async () => (await answer()).version === 2);
      await line(/^reload \| functions\/index\.js saved$/);
      await line(/^reload \| default: \d+ functions loaded in [\d.]+ s$/);
    });

    it("tells an error in a sentence with the author's line, and continues with the version before", async () => {
      await app.edit("index.js", (text) => `${text}\nmissing();\n`);
      await line(/^reload \| .* cannot be read: ReferenceError: missing is not defined \(index\.js:\d+:1\)$/);
      await line(/^reload \| {3}\d+ \| missing\(\);$/);
      await line(/^reload \| default: the version before continues to run; save again when this is repaired$/);
      assert.equal((await answer()).version, 2);
    });

    it("continues when the error is repaired, with a function that is new and without one that is gone", async () => {
      await app.edit("index.js", (text) =>
        text
          .replace("\nmissing();\n", "\nexports.fresh = onRequest((_req, res) => res.json({ fresh: true }));\n")
          .replace("exports.broken =", "const broken ="),
      );
      await waitFor("the new function", async () => (await fetch(app.url("fresh"))).ok);
      assert.equal((await fetch(app.url("broken"))).status, 404);
    });

    it("takes the variables of a file that is saved", async () => {
      await app.edit(".env.local", () => "GREETING=servus\n");
      await waitFor("the new greeting", async () => (await answer()).greeting === "servus");
    });
  });
});
