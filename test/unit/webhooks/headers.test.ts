import assert from "node:assert/strict";
import { maskedHeaders, requestHeaders } from "../../../engine/src/webhooks/deliver/headers.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PRIVATE_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const MESSAGE = { id: "msg_1", at: new Date(1614265330_000), body: "{}" };

describe("requestHeaders", () => {
  it("are the signature, the kind of body, and those the tenant wants", () => {
    const headers = requestHeaders([SECRET], { authorization: "Bearer t0ken" }, MESSAGE);
    assert.deepEqual(Object.keys(headers), [
      "authorization",
      "content-type",
      "webhook-id",
      "webhook-timestamp",
      "webhook-signature",
    ]);
    assert.equal(headers.authorization, "Bearer t0ken");
    assert.equal(headers["content-type"], "application/json");
  });

  it("let no custom header stand for one of the sender's", () => {
    const headers = requestHeaders([SECRET], { "webhook-id": "msg_2", "content-type": "text/plain" }, MESSAGE);
    assert.equal(headers["webhook-id"], "msg_1");
    assert.equal(headers["content-type"], "application/json");
  });
});

describe("maskedHeaders", () => {
  it("keep no signature and no value of a custom header", () => {
    const headers = requestHeaders([SECRET, PRIVATE_KEY], { authorization: "Bearer t0ken" }, MESSAGE);
    assert.deepEqual(maskedHeaders(headers), {
      authorization: "***",
      "content-type": "application/json",
      "webhook-id": "msg_1",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,*** v1a,***",
    });
  });
});
