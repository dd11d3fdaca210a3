import assert from "node:assert/strict";
import { z } from "zod";
import { RetryAfterError } from "../../../engine/src/job-types/define-job.ts";
import { gemini } from "../../../functions/src/google/gemini.ts";
import { type GoogleServer, generated, refusal, startGoogleServer } from "../../support/google-server.ts";

const Answer = z.object({ title: z.string(), words: z.array(z.string()).min(1) });
const GOOD = JSON.stringify({ title: "Light", words: ["sun"] });
const ok = (text: string, finishReason?: string) => ({ status: 200, body: generated(text, finishReason) });

describe("the adapter of the Gemini API", () => {
  let server: GoogleServer;
  before(async () => {
    server = await startGoogleServer();
  });
  after(() => server.stop());

  function ask(
    more: {
      objection?(answer: z.infer<typeof Answer>): string | undefined;
      signal?: AbortSignal;
      timeoutMs?: number;
    } = {},
  ) {
    const { signal = new AbortController().signal, timeoutMs = 5000, ...request } = more;
    const api = {
      name: "The language model",
      baseUrl: server.baseUrl,
      apiKey: "key-1",
      timeoutMs,
      retryDelaysMs: [1, 1, 1],
    };
    const asked = { instructions: "Write.", content: '{"question":"?"}', answer: Answer, signal, ...request };
    return gemini(api, "gemini-2.5-flash").ask(asked);
  }

  it("binds the answer to the schema, and counts the tokens", async () => {
    server.answer(ok(GOOD));
    assert.deepEqual(await ask(), { answer: { title: "Light", words: ["sun"] }, tokens: { input: 100, output: 25 } });
    const [request] = server.requests;
    assert.deepEqual([request?.path, request?.key], ["/v1beta/models/gemini-2.5-flash:generateContent", "key-1"]);
    const body = z
      .object({
        systemInstruction: z.object({ parts: z.array(z.object({ text: z.string() })) }),
        contents: z.array(z.object({ role: z.string(), parts: z.array(z.object({ text: z.string() })) })),
        generationConfig: z.looseObject({
          responseMimeType: z.string(),
          responseJsonSchema: z.looseObject({ required: z.array(z.string()) }),
        }),
      })
      .parse(request?.body);
    assert.deepEqual(body.systemInstruction.parts, [{ text: "Write." }]);
    assert.deepEqual(body.contents, [{ role: "user", parts: [{ text: '{"question":"?"}' }] }]);
    assert.equal(body.generationConfig.responseMimeType, "application/json");
    assert.deepEqual(body.generationConfig.responseJsonSchema.required, ["title", "words"]);
  });

  it("asks again with the reason when an answer is no JSON, of another shape, cut off, or objected to", async () => {
    server.answer(ok("Sure! Here is"), ok('{"title":"Light","words":[]}'), ok(GOOD));
    assert.deepEqual((await ask()).tokens, { input: 300, output: 75 });
    const texts = server.requests.map(({ body }) => JSON.stringify(body));
    assert.match(texts[1] ?? "", /An earlier answer was rejected: it was not JSON/);
    assert.match(texts[2] ?? "", /words/);
    server.answer(ok(GOOD, "MAX_TOKENS"), ok(GOOD), ok(JSON.stringify({ title: "Sun", words: ["sun"] })));
    const { answer } = await ask({ objection: ({ title }) => (title === "Light" ? "the title is Light." : undefined) });
    assert.equal(answer.title, "Sun");
    assert.match(JSON.stringify(server.requests[2]?.body), /rejected: the title is Light/);
  });

  it("gives up after three unusable answers, for another attempt of the job", async () => {
    server.answer(ok("{}"));
    await assert.rejects(ask(), { code: "model-answer-invalid" });
    assert.equal(server.requests.length, 3);
  });

  const busy = { status: 503, body: refusal(503, "UNAVAILABLE") };
  it("tries again when the API is busy or fails, and says nothing of the answer when it does not recover", async () => {
    server.answer(
      busy,
      { status: 500, body: "oops" },
      { status: 429, body: refusal(429, "RESOURCE_EXHAUSTED") },
      ok(GOOD),
    );
    assert.equal((await ask()).answer.title, "Light");
    assert.equal(server.requests.length, 4);
    server.answer(busy);
    await assert.rejects(ask(), { code: "service-failed", message: "The language model failed 4 times: status 503." });
  });

  it("postpones the job when the API asks for a long pause", async () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34s" }];
    server.answer({ status: 429, body: refusal(429, "RESOURCE_EXHAUSTED", details) });
    await assert.rejects(ask(), (error) => error instanceof RetryAfterError && error.code === "service-busy");
    assert.equal(server.requests.length, 1);
  });

  for (const [status, name] of [
    [400, "INVALID_ARGUMENT"],
    [401, "UNAUTHENTICATED"],
    [403, "PERMISSION_DENIED"],
    [404, "NOT_FOUND"],
  ] as const) {
    it(`fails for good on ${status}, without the API's message`, async () => {
      server.answer({ status, body: refusal(status, name) });
      await assert.rejects(ask(), {
        code: "service-rejected",
        message: `The language model refused the request: ${status} ${name}.`,
      });
      assert.equal(server.requests.length, 1);
    });
  }

  it("refuses for good what the model does not answer for safety", async () => {
    server.answer(ok("", "SAFETY"));
    await assert.rejects(ask(), { code: "unsafe-query" });
    server.answer({ status: 200, body: { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, usageMetadata: {} } });
    await assert.rejects(ask(), { code: "unsafe-query" });
  });

  it("ends at once when the job is cancelled, and tries again when an answer does not come", async () => {
    server.answer("never");
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(new Error("cancelled")), 20);
    await assert.rejects(ask({ signal: cancel.signal }), /cancelled/);
    server.answer("never", ok(GOOD));
    assert.equal((await ask({ timeoutMs: 50 })).answer.title, "Light");
  });
});
