import assert from "node:assert/strict";
import { anApi } from "./an-api.ts";

describe("a user who may not use the deployment", () => {
  it("is refused with 403 access-denied on every route, and told what to do", async () => {
    const { call, submit, jobs } = anApi();
    const answer = await submit({ type: "count.words", input: { text: "a b" } }, { as: "guest" });
    assert.deepEqual([answer.status, answer.body.code], [403, "access-denied"]);
    assert.equal(
      answer.body.detail,
      "This deployment takes no anonymous users. Sign in with an account, then send the request again.",
    );
    assert.equal(await jobs.readUsage("guest"), undefined);
    for (const path of ["/v1/jobs", "/v1/usage", "/v1/endpoints", "/v1/deliveries", "/v1/webhook-secret"]) {
      assert.equal((await call("GET", path, { as: "guest" })).status, 403, path);
    }
    assert.equal((await call("DELETE", "/v1/data", { as: "guest" })).status, 403);
  });
});
