import assert from "node:assert/strict";
import { aClockAt, anApi, NOW } from "./an-api.ts";
import { anEndpoint, ID, PATH } from "./an-endpoint.ts";

describe("POST /v1/endpoints/{endpointId}/rotate", () => {
  it("shows a new secret once; the one before signs for another day", async () => {
    const { send, endpoints } = await anEndpoint();
    const { status, body } = await send("POST", `${PATH}/rotate`);
    assert.deepEqual(
      [status, body.secret, body.overlapUntil, body.endpointId],
      [200, "whsec_2", "2026-03-02T12:00:00.000Z", ID],
    );
    const secretsAt = async (at: string) => (await endpoints.readKeys(ID, new Date(at))).secrets;
    assert.deepEqual(await secretsAt("2026-03-02T11:59:59.999Z"), ["whsec_2", "whsec_1"]);
    assert.deepEqual(await secretsAt("2026-03-02T12:00:00.000Z"), ["whsec_2"]);
    assert.equal((await send("GET", PATH)).text.includes("whsec_"), false);
  });

  for (const [overlapSeconds, until] of [
    [0, "2026-03-01T12:00:00.000Z"],
    [604_800, "2026-03-08T12:00:00.000Z"],
  ] as const) {
    it(`lets the old secret sign for ${overlapSeconds} s if the request says so`, async () => {
      const { send } = await anEndpoint();
      assert.equal((await send("POST", `${PATH}/rotate`, { overlapSeconds })).body.overlapUntil, until);
    });
  }

  for (const overlapSeconds of [-1, 604_801, 1.5, "60"]) {
    it(`refuses an overlap of ${JSON.stringify(overlapSeconds)} seconds`, async () => {
      const { send, endpoints } = await anEndpoint();
      const { status, body } = await send("POST", `${PATH}/rotate`, { overlapSeconds });
      assert.deepEqual([status, body.errors[0].pointer], [400, "/overlapSeconds"]);
      assert.deepEqual((await endpoints.readKeys(ID, NOW)).secrets, ["whsec_1"]);
    });
  }

  it("refuses an eleventh live secret, and accepts it when the others end at once", async () => {
    const { send, endpoints } = await anEndpoint();
    for (let i = 0; i < 9; i += 1) assert.equal((await send("POST", `${PATH}/rotate`)).status, 200);
    const { status, body } = await send("POST", `${PATH}/rotate`);
    assert.deepEqual([status, body.code], [409, "too-many-secrets"]);
    assert.equal((await send("POST", `${PATH}/rotate`, { overlapSeconds: 0 })).status, 200);
    assert.deepEqual((await endpoints.readKeys(ID, NOW)).secrets, ["whsec_12"]);
  });

  it("gives an asymmetric endpoint a new key pair beside the old one", async () => {
    const { send } = await anEndpoint("v1a");
    const { body } = await send("POST", `${PATH}/rotate`);
    assert.deepEqual(body.publicKeys, [
      "whpk_AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
      "whpk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    ]);
    assert.equal("secret" in body, false);
  });

  it("names the old key of an asymmetric endpoint as long as it signs, and no longer", async () => {
    const { endpoints, send } = await anEndpoint("v1a");
    await send("POST", `${PATH}/rotate`, { overlapSeconds: 60 });
    const keysAt = async (at: string) => {
      const later = anApi({ endpoints, clock: aClockAt(() => new Date(at)) });
      const one = (await later.send("GET", PATH)).body.publicKeys;
      const [listed] = (await later.send("GET", "/v1/endpoints")).body.endpoints;
      assert.deepEqual(listed.publicKeys, one);
      return one;
    };
    const [young, old] = [
      "whpk_AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
      "whpk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    ];
    assert.deepEqual(await keysAt("2026-03-01T12:00:59.999Z"), [young, old]);
    assert.deepEqual(await keysAt("2026-03-01T12:01:00.000Z"), [young]);
  });

  it("answers 503 where secrets cannot be encrypted", async () => {
    const { endpoints } = await anEndpoint();
    assert.equal((await anApi({ endpoints, encryptsSecrets: false }).send("POST", `${PATH}/rotate`)).status, 503);
  });
});
