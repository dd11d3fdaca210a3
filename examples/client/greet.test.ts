import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { JOB } from "../../test/support/client-answers.ts";
import { greet, openBaton, readGreeting } from "./greet.ts";

const { jobId, owner, createdAt } = JOB;
const RESULT = { jobId, owner, createdAt, status: "completed", attempt: 1, durationMs: 5 };

describe("a client of the examples' job types", () => {
  let api: Server;
  let apiUrl: string;
  let answer: object;
  let bodies: string[];

  before(async () => {
    api = createServer(async (request, response) => {
      bodies.push(await text(request));
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((listening) => api.listen(0, "127.0.0.1", listening));
    const address = api.address();
    apiUrl = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
  });
  beforeEach(() => {
    bodies = [];
  });
  after(() => api.close());

  const baton = () => openBaton(apiUrl, async () => "token");

  it("submits a greeting", async () => {
    answer = { ...JOB, type: "greeting" };
    assert.equal((await greet(baton(), "Ada")).jobId, jobId);
    assert.deepEqual(bodies, ['{"type":"greeting","input":{"name":"Ada","language":"de"}}']);
  });

  it("reads the text of a greeting, and nothing of another job", async () => {
    answer = { ...RESULT, type: "greeting", output: { text: "Hallo, Ada!" } };
    assert.equal(await readGreeting(baton(), jobId), "Hallo, Ada!");
    answer = { ...RESULT, type: "word-count", output: 3 };
    assert.equal(await readGreeting(baton(), jobId), undefined);
  });
});
