import assert from "node:assert/strict";
import { anEndpoint, ID, PATH } from "./an-endpoint.ts";

describe("POST /v1/endpoints/{endpointId}/recover", () => {
  const SINCE = "2026-02-01T00:00:00.000Z";

  it("begins with the first delivery there is when it is to begin in the year 0", async () => {
    const { send, recoveries } = await anEndpoint();
    assert.equal((await send("POST", `${PATH}/recover`, { since: "0000-01-01T00:00:00Z" })).status, 202);
    assert.equal(recoveries.all()[0]?.since.toISOString(), "1970-01-01T00:00:00.000Z");
  });

  it("begins a recovery up to now, publishes it, and shows its progress", async () => {
    const { send, recoveries, publishDelivery } = await anEndpoint();
    const { status, headers, body } = await send("POST", `${PATH}/recover`, { since: SINCE });
    const where = `${PATH}/recoveries/BBBBBBBBBBBBBBBBBBB3`;
    assert.deepEqual([status, headers.get("location")], [202, "recoveries/BBBBBBBBBBBBBBBBBBB3"]);
    assert.deepEqual(body, {
      recoveryId: "BBBBBBBBBBBBBBBBBBB3",
      endpointId: ID,
      since: SINCE,
      until: "2026-03-01T12:00:00.000Z",
      state: "running",
      seen: 0,
      resent: 0,
      createdAt: "2026-03-01T12:00:00.000Z",
      updatedAt: "2026-03-01T12:00:00.000Z",
    });
    assert.deepEqual(publishDelivery.args, [[{ recoveryId: "BBBBBBBBBBBBBBBBBBB3" }]]);
    const [stored] = recoveries.all();
    assert.equal(stored?.dueAt?.toISOString(), "2026-03-01T12:00:00.000Z");
    if (stored) recoveries.put({ ...stored, seen: 7, resent: 2 });
    const progress = (await send("GET", where)).body;
    assert.deepEqual([progress.seen, progress.resent], [7, 2]);
    assert.deepEqual((await send("GET", `${PATH}/recoveries`)).body, { recoveries: [progress] });
  });

  const refused: [name: string, request: object, pointer: string][] = [
    ["no beginning", {}, "/since"],
    ["a beginning in the future", { since: "2026-03-01T12:00:00.001Z" }, "/since"],
    ["an end before the beginning", { since: SINCE, until: "2026-01-31T00:00:00Z" }, "/since"],
    ["an end in the future", { since: SINCE, until: "2026-03-01T13:00:00Z" }, "/until"],
    ["a day instead of an instant", { since: "2026-02-01" }, "/since"],
  ];
  for (const [name, request, pointer] of refused) {
    it(`refuses ${name}`, async () => {
      const { send, recoveries } = await anEndpoint();
      const { status, body } = await send("POST", `${PATH}/recover`, request);
      assert.deepEqual([status, body.code, body.errors[0].pointer], [400, "invalid-request", pointer]);
      assert.deepEqual(recoveries.all(), []);
    });
  }

  it("begins no second recovery while one is running, and another once it is completed", async () => {
    const { send, recoveries } = await anEndpoint();
    const { body: first } = await send("POST", `${PATH}/recover`, { since: SINCE });
    const { status, body } = await send("POST", `${PATH}/recover`, { since: SINCE });
    assert.deepEqual([status, body.code], [409, "recovery-running"]);
    assert.equal(body.detail.includes(first.recoveryId), true);
    for (const recovery of recoveries.all()) recoveries.put({ ...recovery, state: "complete" });
    assert.equal((await send("POST", `${PATH}/recover`, { since: SINCE })).status, 202);
  });

  it("is refused to a disabled endpoint", async () => {
    const { send } = await anEndpoint();
    await send("POST", `${PATH}/disable`);
    const { status, body } = await send("POST", `${PATH}/recover`, { since: SINCE });
    assert.deepEqual([status, body.code], [409, "endpoint-disabled"]);
  });

  it("is found at its own endpoint only", async () => {
    const { send } = await anEndpoint();
    const { body } = await send("POST", `${PATH}/recover`, { since: SINCE });
    const other = (await send("POST", "/v1/endpoints", { url: "https://example.com/2" })).body.endpointId;
    assert.equal((await send("GET", `/v1/endpoints/${other}/recoveries/${body.recoveryId}`)).status, 404);
  });
});
