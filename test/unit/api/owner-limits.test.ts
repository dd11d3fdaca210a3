import assert from "node:assert/strict";
import { limits } from "../../support/jobs.ts";
import { aClockAt, anApi, NOW } from "./an-api.ts";

/**
 * An API whose owners may change endpoints six times a minute, one at once, and ask for two erasures an hour. `setTime`
 * moves the clock.
 */
function aCaller() {
  let now = NOW;
  const tiers = { free: limits({ changesPerMinute: 6, erasuresPerHour: 2, endpoints: 20 }) };
  const api = anApi({ clock: aClockAt(() => now), tiers });
  const setTime = (seconds: number) => {
    now = new Date(NOW.getTime() + seconds * 1000);
  };
  return { ...api, setTime };
}

describe("the rate limit of an owner's changes", () => {
  it("refuses what is over it with 429, says when to ask again, and changes nothing", async () => {
    const { send, endpoints, setTime } = aCaller();
    const create = () => send("POST", "/v1/endpoints", { url: "https://example.com/" });
    assert.deepEqual([(await create()).status, (await create()).status], [201, 201]);
    const { status, headers, body } = await create();
    assert.deepEqual([status, body.code, headers.get("retry-after")], [429, "quota-exceeded", "10"]);
    assert.equal(
      body.detail,
      "You may change your endpoints and secrets 6 times a minute, and you asked for more. Ask again in 10 s.",
    );
    assert.equal((await endpoints.listOf("alice")).length, 2);
    setTime(10);
    assert.deepEqual([(await create()).status, (await create()).status], [201, 429]);
    assert.equal((await send("POST", "/v1/endpoints", { url: "https://example.com/" }, "bob")).status, 201);
  });

  it("is shared by all changes of endpoints and secrets", async () => {
    const { send, setTime, endpoints } = aCaller();
    const { endpointId } = (await send("POST", "/v1/endpoints", { url: "https://example.com/" })).body;
    const path = `/v1/endpoints/${endpointId}`;
    const ways = {
      create: () => send("POST", "/v1/endpoints", { url: "https://example.com/2" }),
      change: () => send("PATCH", path, { description: "new" }),
      rotate: () => send("POST", `${path}/rotate`),
      "rotate the own secret": () => send("POST", "/v1/webhook-secret/rotate"),
      disable: () => send("POST", `${path}/disable`),
      enable: () => send("POST", `${path}/enable`),
      delete: () => send("DELETE", path),
    };
    assert.equal((await ways.rotate()).status, 200);
    const before = await endpoints.listOf("alice");
    for (const [name, way] of Object.entries(ways)) assert.equal((await way()).status, 429, name);
    assert.deepEqual(await endpoints.listOf("alice"), before);
    for (const [n, [name, way]] of Object.entries(ways).entries()) {
      setTime((n + 2) * 60);
      assert.ok((await way()).status < 300, name);
      assert.ok((await ways.create()).status < 300, `${name} and another`);
      assert.equal((await ways.create()).status, 429, name);
    }
  });

  it("counts nothing that is refused for another reason, and no read", async () => {
    const { send, call } = aCaller();
    for (let i = 0; i < 5; i++) {
      assert.equal((await send("POST", "/v1/endpoints", { url: "https://10.0.0.1/" })).status, 400);
      assert.equal((await send("DELETE", "/v1/endpoints/BBBBBBBBBBBBBBBBBBBZ")).status, 404);
      assert.equal((await call("GET", "/v1/endpoints", { as: "alice" })).status, 200);
    }
    assert.equal((await send("POST", "/v1/endpoints", { url: "https://example.com/" })).status, 201);
  });
});

describe("the rate limit of an owner's erasures", () => {
  it("grants an hour's worth at once, then one at a time", async () => {
    const { call, setTime } = aCaller();
    const erase = () => call("DELETE", "/v1/data", { as: "alice" });
    for (const expected of [202, 202, 202, 429]) assert.equal((await erase()).status, expected);
    const { headers, body } = await erase();
    assert.deepEqual([body.code, headers.get("retry-after")], ["quota-exceeded", "1800"]);
    assert.equal(body.detail, "You may ask for 2 erasures an hour, and you asked for more. Ask again in 1800 s.");
    setTime(1800);
    assert.deepEqual([(await erase()).status, (await erase()).status], [202, 429]);
    assert.equal((await call("DELETE", "/v1/data", { as: "bob" })).status, 202);
  });
});
