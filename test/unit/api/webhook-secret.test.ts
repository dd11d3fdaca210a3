import assert from "node:assert/strict";
import { Problem } from "@baton/protocol";
import { createApi } from "../../../engine/src/functions/api-app.ts";
import { anApi, NOW } from "./an-api.ts";

const PATH = "/v1/webhook-secret";
const [FIRST, SECOND, THIRD] = [
  "whsec_EcDRtKOkX6z21B93suz0DmkDwiO89UJfbXUzd2D/kCs=",
  "whsec_yiVrVfi2sulSpqIJluMECyR1Z4upb4+hjE0PuE2o25s=",
  "whsec_bdPo/aS17HkIUxVHiP6nnlZjwxhhxxtWfwTk1bwXtuU=",
] as const;
const OF_BOB = "whsec_zGLi/Nq7Cw5ITY+69+O5obSYVJI1QdkwdbBJCteVIjQ=";

describe("GET /v1/webhook-secret", () => {
  it("gives each caller their own secret", async () => {
    const { call } = anApi();
    assert.deepEqual((await call("GET", PATH, { as: "alice" })).body, { secret: FIRST });
    assert.deepEqual((await call("GET", PATH, { as: "bob" })).body, { secret: OF_BOB });
  });

  for (const [method, path] of [
    ["GET", PATH],
    ["POST", `${PATH}/rotate`],
  ] as const) {
    it(`says at ${method} ${path} what the operator must set where no job's webhook can be signed`, async () => {
      const { ownerSecrets: _, ...ports } = anApi().ports;
      const headers = { authorization: "Bearer alice" };
      const response = await createApi(ports).request(path, { method, headers });
      const { status, code, detail } = Problem.parse(await response.json());
      assert.deepEqual([status, code], [503, "unavailable"]);
      assert.match(detail, /WEBHOOK_MASTER_SECRET/);
    });

    it(`answers 503 to ${method} ${path} while the store is unreachable`, async () => {
      const away = async () => {
        throw new Error("Firestore at 10.1.2.3 is away");
      };
      const { send } = anApi({ ownerSecrets: { read: away, rotate: away } });
      const { status, body, text } = await send(method, path);
      assert.deepEqual([status, body.code, text.includes("10.1.2.3")], [503, "unavailable", false]);
    });
  }
});

describe("POST /v1/webhook-secret/rotate", () => {
  it("gives the caller a new secret; the one before signs beside it for another day", async () => {
    const { send, call, ports } = anApi();
    const { status, body } = await send("POST", `${PATH}/rotate`);
    assert.deepEqual([status, body], [200, { secret: SECOND, overlapUntil: "2026-03-02T12:00:00.000Z" }]);
    assert.deepEqual((await send("GET", PATH)).body, { secret: SECOND });
    const liveAt = (at: string) => ports.ownerSecrets?.read("alice", new Date(at));
    assert.deepEqual(await liveAt("2026-03-02T11:59:59.999Z"), { newest: SECOND, overlapping: [FIRST] });
    assert.deepEqual(await liveAt("2026-03-02T12:00:00.000Z"), { newest: SECOND, overlapping: [] });
    assert.deepEqual((await call("GET", PATH, { as: "bob" })).body, { secret: OF_BOB });
  });

  it("ends all older secrets at once for an overlap of 0", async () => {
    const { send, ports } = anApi();
    await send("POST", `${PATH}/rotate`, { overlapSeconds: 604_800 });
    const { body } = await send("POST", `${PATH}/rotate`, { overlapSeconds: 0 });
    assert.deepEqual(body, { secret: THIRD, overlapUntil: "2026-03-01T12:00:00.000Z" });
    assert.deepEqual(await ports.ownerSecrets?.read("alice", NOW), { newest: THIRD, overlapping: [] });
  });

  for (const overlapSeconds of [-1, 604_801, 1.5, "60", null]) {
    it(`refuses an overlap of ${JSON.stringify(overlapSeconds)} seconds, and changes nothing`, async () => {
      const { send } = anApi();
      const { status, body } = await send("POST", `${PATH}/rotate`, { overlapSeconds });
      assert.deepEqual([status, body.errors[0].pointer], [400, "/overlapSeconds"]);
      assert.deepEqual((await send("GET", PATH)).body, { secret: FIRST });
    });
  }

  it("refuses an eleventh live secret, and accepts it when the others end at once", async () => {
    const { send } = anApi();
    for (let i = 0; i < 9; i += 1) assert.equal((await send("POST", `${PATH}/rotate`)).status, 200);
    const { status, body } = await send("POST", `${PATH}/rotate`);
    assert.deepEqual([status, body.code], [409, "too-many-secrets"]);
    const last = await send("POST", `${PATH}/rotate`, { overlapSeconds: 0 });
    assert.equal(last.body.secret, "whsec_4NUCxjPIpDnt8SfCtAVNp5iDFQzjiMdQaz+sxMSR734=");
  });

  it("gives each of several concurrent requests a secret", async () => {
    const { send, ports } = anApi();
    const answers = await Promise.all([send("POST", `${PATH}/rotate`), send("POST", `${PATH}/rotate`)]);
    assert.deepEqual(new Set(answers.map(({ body }) => body.secret)), new Set([SECOND, THIRD]));
    assert.deepEqual(await ports.ownerSecrets?.read("alice", NOW), { newest: THIRD, overlapping: [SECOND, FIRST] });
  });
});
