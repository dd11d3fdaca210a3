import assert from "node:assert/strict";
import { z } from "@hono/zod-openapi";
import fc from "fast-check";
import { afterEach } from "mocha";
import sinon from "sinon";
import { defineJob } from "../../../engine/src/job-types/define-job.ts";
import { anApi, FIRST_ID } from "./an-api.ts";

const deep = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;

/** Texts of a body: any JSON, and JSON that cannot be kept. */
const anyText = fc.oneof(
  fc.json(),
  fc.constantFrom(
    deep(97),
    deep(300),
    '{"__proto__":1}',
    '[{"a/b~":{"__proto__":[]}}]',
    "-0",
    '"\\ud83d"',
    '"\\ud83d\\ude00"',
  ),
  fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })).map((value) => JSON.stringify(value)),
);

const anyKey = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
  fc.constantFrom<unknown>(undefined, Symbol("s"), Number.NaN, [undefined], { at: new Date(0) }),
);

const typeOf = (key?: (input: unknown) => never) =>
  defineJob({
    type: "any",
    input: z.unknown(),
    output: z.null(),
    ...(key && { cache: { ttlMs: 60_000, version: "1", key } }),
    run: async () => null,
  });
const apiOf = (type: ReturnType<typeof typeOf>) => anApi({ types: new Map([[type.type, type]]) });

/** One refusal for good, with a place at `door` or below. */
function assertRefused({ status, body }: { status: number; body: { errors?: { pointer: string }[] } }, door: string) {
  assert.ok([400, 413].includes(status), `${status}`);
  const places = (body.errors ?? []).map(({ pointer }) => pointer);
  assert.ok(places.length > 0 && places.every((place) => place === door || place.startsWith(`${door}/`)), `${places}`);
}

describe("any value that is sent", () => {
  // Sinon keeps every fake that it made.
  afterEach(() => sinon.restore());

  it("as an input is stored equal, or is refused for good with its place", () =>
    fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const api = apiOf(typeOf());
        const headers = { "content-type": "application/json" };
        const body = `{"type":"any","input":${text}}`;
        const answer = await api.call("POST", "/v1/jobs", { as: "alice", headers, body });
        if (answer.status !== 202) return assertRefused(answer, "/input");
        // Half of a surrogate pair is U+FFFD, as in UTF-8.
        const sent = JSON.parse(text, (_, value) => (typeof value === "string" ? value.toWellFormed() : value));
        assert.deepEqual(JSON.stringify(await api.jobs.readInput(FIRST_ID)), JSON.stringify(sent));
      }),
      { numRuns: 300 },
    ));

  it("as metadata is stored equal, or is refused for good with its place", () =>
    fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const api = apiOf(typeOf());
        const headers = { "content-type": "application/json" };
        const body = `{"type":"any","input":1,"metadata":${text}}`;
        const answer = await api.call("POST", "/v1/jobs", { as: "alice", headers, body });
        if (answer.status !== 202) return assertRefused(answer, "/metadata");
        assert.deepEqual((await api.jobs.read(FIRST_ID))?.metadata, JSON.parse(text));
      }),
      { numRuns: 300 },
    ));

  it("makes a cache key that is JSON, or is refused for good with the place in the key", () =>
    fc.assert(
      fc.asyncProperty(anyKey, async (key) => {
        const api = apiOf(typeOf(() => key as never));
        const answer = await api.submit({ type: "any", input: 1 });
        if (answer.status === 202) return assert.notEqual((await api.jobs.read(FIRST_ID))?.cache, undefined);
        assertRefused(answer, "/input");
        assert.match(answer.body.detail, /cache key of it that is not JSON: (the key itself|the value at \/)/);
      }),
      { numRuns: 300 },
    ));

  it("is refused when its cache key is undefined, or has undefined in a list", async () => {
    for (const key of [undefined, [1, undefined], { a: [undefined] }]) {
      const api = apiOf(typeOf(() => key as never));
      assertRefused(await api.submit({ type: "any", input: 1 }), "/input");
      assert.equal(await api.jobs.read(FIRST_ID), undefined);
    }
  });
});

describe("a submission whose type has a schema that does not end", () => {
  afterEach(() => sinon.restore());

  it("is answered 503 after 12 s, and stores nothing", async () => {
    const clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const hanging = z.unknown().refine(() => new Promise<boolean>(() => undefined));
    const api = apiOf({ ...typeOf(), input: hanging });
    const asked = api.submit({ type: "any", input: 1 });
    let answer: Awaited<typeof asked> | undefined;
    void asked.then((given) => {
      answer = given;
    });
    for (let seconds = 0; !answer && seconds < 20; seconds++) await clock.tickAsync(1000);
    assert.deepEqual(
      [answer?.status, answer?.body.code, answer?.headers.get("retry-after")],
      [503, "unavailable", "5"],
    );
    assert.equal(await api.jobs.read(FIRST_ID), undefined);
    assert.equal(api.log.error.firstCall.args[0], 'the input schema of job type "any" could not be reached');
  });
});
