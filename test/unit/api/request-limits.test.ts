import assert from "node:assert/strict";
import type { ApiPorts } from "../../../engine/src/functions/api-app.ts";
import { limits } from "../../support/jobs.ts";
import { aClockAt, anApi, NOW } from "./an-api.ts";

const GOOD = { type: "count.words", input: { text: "one two" } };

/** An API whose callers, and whose networks, may ask three times a minute. `setTime` moves the clock. */
function anAskedApi(replaced: Parameters<typeof anApi>[0] = {}) {
  let now = NOW;
  const tiers = { free: limits({ requestsPerMinute: 3 }) };
  const perNetwork = { requestsPerMinute: 3, trustedProxies: 0 };
  const api = anApi({ clock: aClockAt(() => now), tiers, perNetwork, ...replaced });
  const setTime = (seconds: number) => {
    now = new Date(NOW.getTime() + seconds * 1000);
  };
  const from = (address: string, as?: string, path = "/v1/jobs") =>
    api.call("GET", path, { ...(as !== undefined && { as }), headers: { "x-forwarded-for": address } });
  return { ...api, setTime, from };
}

describe("the limit of a caller's requests", () => {
  it("refuses a read that is over it with 429, and says when to ask again", async () => {
    const { call, setTime } = anAskedApi();
    const read = () => call("GET", "/v1/jobs", { as: "alice" });
    for (let i = 0; i < 3; i++) assert.equal((await read()).status, 200);
    const { status, headers, body } = await read();
    assert.deepEqual(
      [status, headers.get("content-type"), headers.get("retry-after"), headers.get("access-control-allow-origin")],
      [429, "application/problem+json", "20", "*"],
    );
    assert.deepEqual(
      [body.code, body.title, body.detail],
      [
        "too-many-requests",
        "Too many requests",
        "Only 3 requests a minute are allowed to you. Send the next one in 20 s.",
      ],
    );
    assert.equal((await call("GET", "/v1/jobs", { as: "bob" })).status, 200);
    setTime(20);
    assert.deepEqual([(await read()).status, (await read()).status], [200, 429]);
  });

  it("counts submissions that are refused, and reads nothing of the body of one that is over it", async () => {
    const { app, submit } = anAskedApi();
    for (let i = 0; i < 3; i++) assert.equal((await submit({ type: "unknown", input: 1 })).status, 400);
    const headers = { authorization: "Bearer alice", "content-type": "application/json" };
    const body = new ReadableStream({ pull: () => assert.fail("the body was read") }, { highWaterMark: 0 });
    const refused = await app.request("/v1/jobs", { method: "POST", headers, body, ...{ duplex: "half" } });
    assert.equal(refused.status, 429);
  });

  it("does not count submissions that are accepted, which have quotas of their own; it counts their repetitions", async () => {
    const { submit } = anAskedApi();
    for (let i = 0; i < 5; i++) assert.equal((await submit(GOOD)).status, 202);
    const repeat = async () => (await submit(GOOD, { headers: { "idempotency-key": "k" } })).status;
    assert.deepEqual([await repeat(), await repeat(), await repeat(), await repeat()], [202, 202, 202, 202]);
    assert.equal(await repeat(), 429);
  });

  it("is looked at before the store is", async () => {
    const { call, jobs } = anAskedApi();
    for (let i = 0; i < 3; i++) await call("GET", "/v1/usage", { as: "alice" });
    jobs.list = () => assert.fail("the store was asked");
    assert.equal((await call("GET", "/v1/jobs", { as: "alice" })).status, 429);
  });
});

describe("the limit of a network's requests", () => {
  it("counts requests without a token that is valid, and paths that need none", async () => {
    const { from } = anAskedApi();
    assert.equal((await from("198.51.100.7")).status, 401);
    assert.equal((await from("198.51.100.7", "forged")).status, 401);
    assert.equal((await from("198.51.100.7", undefined, "/healthz")).status, 200);
    const { status, headers, body } = await from("203.0.113.9, 198.51.100.7", "guest");
    assert.deepEqual([status, body.code, headers.get("retry-after")], [429, "too-many-requests", "20"]);
    assert.equal(
      body.detail,
      "Only 3 requests a minute without a user are allowed to your network. Send the next one in 20 s.",
    );
    for (const path of ["/healthz", "/openapi.json", "/nowhere"]) {
      assert.equal((await from("198.51.100.7", undefined, path)).status, 429, path);
    }
    assert.equal((await from("198.51.100.8", "guest")).status, 403);
  });

  it("refuses no user whose token is valid", async () => {
    const { from, submit } = anAskedApi();
    for (let i = 0; i < 5; i++) await from("198.51.100.7");
    assert.equal((await from("198.51.100.7", "alice")).status, 200);
    assert.equal((await submit(GOOD, { headers: { "x-forwarded-for": "198.51.100.7" } })).status, 202);
  });

  it("also counts anonymous users, of whom one network makes as many as it likes", async () => {
    const verify: ApiPorts["tokens"]["verify"] = async (uid) => {
      return { outcome: "verified", principal: { uid, isAdmin: false, isAnonymous: true } };
    };
    const { from } = anAskedApi({ tokens: { verify } });
    const statuses = [];
    for (const uid of ["a", "b", "c", "d"]) statuses.push((await from("198.51.100.7", uid)).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    assert.equal((await from("198.51.100.8", "e")).status, 200);
  });

  it("leaves a browser's questions about other origins alone", async () => {
    const { call, from } = anAskedApi();
    for (let i = 0; i < 4; i++) await from("unknown");
    const headers = { origin: "https://a.example", "access-control-request-method": "POST" };
    assert.equal((await call("OPTIONS", "/v1/jobs", { headers })).status, 204);
  });
});
