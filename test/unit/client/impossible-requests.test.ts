import assert from "node:assert/strict";
import { type BatonError, type ClientOptions, createBatonClient } from "../../../client/src/index.ts";
import { failure } from "../../support/client-answers.ts";

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const throwing = {
  get name(): string {
    throw new Error("no");
  },
};

const INPUTS: [what: string, input: unknown, pointer: string][] = [
  ["undefined", undefined, "/input"],
  ["a cycle", { a: [cyclic] }, "/input/a/0/self"],
  ["a BigInt", { a: 1n }, "/input/a"],
  ["NaN", [0, Number.NaN], "/input/1"],
  ["Infinity", { "a/b~c": Number.POSITIVE_INFINITY }, "/input/a~1b~0c"],
  ["a function", { a: () => 1 }, "/input/a"],
  ["a symbol", { a: Symbol("a") }, "/input/a"],
  ["undefined in an array", [undefined], "/input/0"],
  ["a hole in an array", Array(1), "/input/0"],
  ["an invalid date", { at: new Date(Number.NaN) }, "/input/at"],
  ["a promise", { a: Promise.resolve(1) }, "/input/a"],
  ["a map", new Map(), "/input"],
  ["bytes", { a: new Uint8Array(1) }, "/input/a"],
  ["a file", { a: new Blob(["a"]) }, "/input/a"],
  ["search parameters", { a: new URLSearchParams("a=1") }, "/input/a"],
  ["an error", [new Error("a")], "/input/0"],
  ["a field named by a symbol", { a: { [Symbol("b")]: 1 } }, "/input/a"],
  ["a getter that throws", throwing, "/input"],
  ["10,000 levels", JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`), `/input${"/0".repeat(499)}`],
];

describe("a request that can never be sent", () => {
  const asked: string[] = [];
  const client = (options: Partial<ClientOptions> = {}) =>
    createBatonClient<Record<string, { input: unknown; output: unknown }>>({
      apiUrl: "http://127.0.0.1:9",
      getToken: async () => {
        asked.push("token");
        return "t";
      },
      ...options,
    });
  beforeEach(() => asked.splice(0));

  for (const [what, input, pointer] of INPUTS) {
    it(`is refused at once, with its place, for ${what} as input`, async () => {
      const error = await rejection(() => client().submit("any", input));
      assert.deepEqual([error.code, error.errors[0]?.pointer], ["invalid-argument", pointer]);
      assert.deepEqual(asked, []);
    });
  }

  it("is refused for a body of more values than a mebibyte can hold, before all of them are looked at", async () => {
    // A small object whose JSON has 2 ** 60 values.
    let input: object = {};
    for (let level = 0; level < 60; level++) input = { a: input, b: input };
    assert.equal((await rejection(() => client().submit("any", input))).code, "body-too-large");
  });

  it("is refused for a body above one mebibyte", async () => {
    assert.equal((await rejection(() => client().submit("any", "é".repeat(524_288)))).code, "body-too-large");
  });

  for (const idempotencyKey of ["", "ключ", "a\nb", "k".repeat(256), "\ud83d", " ", "a ", " a"]) {
    it(`is refused for the idempotency key ${JSON.stringify(idempotencyKey).slice(0, 20)}`, async () => {
      assert.equal((await rejection(() => client().submit("any", 1, { idempotencyKey }))).code, "invalid-argument");
    });
  }

  for (const apiUrl of [
    "",
    "/api",
    "api.example.com",
    "ftp://a.example",
    "https://",
    "https://u:p@a.example",
    "https://a.example?b",
  ]) {
    it(`is refused for the apiUrl "${apiUrl}" outside a page`, async () => {
      for (const call of [() => client({ apiUrl }).usage(), () => client({ apiUrl }).submit("any", 1)]) {
        assert.equal((await rejection(call)).code, "invalid-argument");
      }
      assert.deepEqual(asked, []);
    });
  }

  it("is refused for ids that no path can name", async () => {
    for (const jobId of [".", "..", "__x__", "a\ud83d", "x".repeat(1501)]) {
      for (const method of ["job", "cancel", "result"] as const) {
        assert.equal((await rejection(() => client()[method](jobId))).code, "not-found", jobId.slice(0, 10));
      }
    }
    assert.equal((await rejection(() => client().cancel(""))).code, "invalid-argument");
  });

  it("is refused for names that no file can have", async () => {
    for (const name of ["", ".", "..", "../result", "a b", "a\ud83d", "x".repeat(201)]) {
      const error = await rejection(() => client().file("abcdefghij0123456789", name));
      assert.match(`${error.code}: ${error.detail}`, /^invalid-argument: A file's name must be 1 to 200 letters/);
    }
  });

  it("is refused for a timeout that is none", async () => {
    for (const timeoutMs of [0, -1, Number.NaN]) {
      assert.equal((await rejection(() => client({ timeoutMs }).usage())).code, "invalid-argument");
    }
  });

  it("is refused for tokens that are none, before anything is sent", async () => {
    const odd: unknown[] = [undefined, null, 7, "", "a b", "тoken", "a\nb"];
    for (const token of odd) {
      const getToken = (() => token) as unknown as ClientOptions["getToken"];
      assert.equal((await rejection(() => client({ getToken }).usage())).code, "no-token");
    }
    const throws = () => {
      throw new Error("signed out");
    };
    assert.equal((await rejection(() => client({ getToken: throws }).usage())).code, "no-token");
  });

  it("is not tried again when getToken makes a mistake, such as to ask a user who is null", async () => {
    let calls = 0;
    const user = null as unknown as { token: string };
    const getToken = async () => {
      calls += 1;
      return user.token;
    };
    assert.equal((await rejection(() => client({ getToken }).submit("any", 1))).code, "no-token");
    assert.equal(calls, 1);
  });
});

/** Fails when the call throws before it gives its promise. */
function rejection(call: () => Promise<unknown>): Promise<BatonError> {
  return failure(call());
}
