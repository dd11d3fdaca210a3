import assert from "node:assert/strict";
import { anApi } from "./an-api.ts";

const ROOTS = ["https://baton.example", "https://us-central1-demo.cloudfunctions.net/baton-api"];
const SINCE = { since: "2026-01-01T00:00:00Z" };

describe("an address in an answer", () => {
  for (const root of ROOTS) {
    it(`leads below ${root} when that was asked`, async () => {
      const { app, send } = anApi();
      const { endpointId } = (await send("POST", "/v1/endpoints", { url: "https://a.example" })).body;
      const asked: [path: string, body: object | undefined][] = [
        ["/v1/jobs", { type: "count.words", input: { text: "a" } }],
        ["/v1/endpoints", { url: "https://b.example" }],
        [`/v1/endpoints/${endpointId}/test`, undefined],
        [`/v1/endpoints/${endpointId}/recover`, SINCE],
        // A second one is refused, and told where the first is.
        [`/v1/endpoints/${endpointId}/recover`, SINCE],
      ];
      for (const [path, body] of asked) {
        const headers = { authorization: "Bearer alice", "content-type": "application/json" };
        const init = { method: "POST", headers, ...(body && { body: JSON.stringify(body) }) };
        const answer = await app.request(`${root}${path}`, init);
        const where = new URL(answer.headers.get("location") ?? "", `${root}${path}`).href;
        assert.ok(where.startsWith(`${root}/v1/`), where);
        assert.equal((await app.request(where, { headers })).status, 200, where);
      }
    });
  }

  for (const root of ROOTS) {
    it(`of the API in the OpenAPI document of ${root} is ${root}`, async () => {
      const asked = `${root}/openapi.json`;
      const { servers } = await (await anApi().app.request(asked)).json();
      assert.deepEqual(
        servers.map(({ url }: { url: string }) => new URL(url, asked).href),
        [`${root}/`],
      );
    });
  }

  it("is in no refusal as a path of the host, which may be shared with others", async () => {
    const { send } = anApi();
    const nothing = await send("GET", "/v1/nothing");
    assert.equal(nothing.body.code, "not-found");
    assert.doesNotMatch(nothing.body.detail, /(^|\s)\//);
    const { endpointId } = (await send("POST", "/v1/endpoints", { url: "https://a.example" })).body;
    await send("POST", `/v1/endpoints/${endpointId}/recover`, SINCE);
    const again = await send("POST", `/v1/endpoints/${endpointId}/recover`, SINCE);
    assert.equal(again.body.code, "recovery-running");
    assert.doesNotMatch(again.body.detail, /\/v1\//);
  });
});
