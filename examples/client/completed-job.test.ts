import assert from "node:assert/strict";
import { WebhookError } from "@baton/client/webhooks";
import { EVENT, SECRET, signed } from "../../test/unit/client/signed-webhooks.ts";
import { completedJob } from "./completed-job.ts";

describe("a backend that receives webhooks", () => {
  it("reads the output of a completed job", () => {
    const { headers, body } = signed(JSON.stringify({ ...EVENT, data: { ...EVENT.data, output: { text: "Hi" } } }));
    assert.deepEqual(completedJob(SECRET, headers, body), { jobId: "abcdefghij0123456789", output: { text: "Hi" } });
  });

  it("passes over other events", () => {
    const { headers, body } = signed(JSON.stringify({ ...EVENT, type: "job.cancelled" }));
    assert.equal(completedJob(SECRET, headers, body), undefined);
  });

  it("throws for a body that was changed", () => {
    const { headers, body } = signed(JSON.stringify(EVENT));
    assert.throws(() => completedJob(SECRET, headers, `${body} `), WebhookError);
  });
});
