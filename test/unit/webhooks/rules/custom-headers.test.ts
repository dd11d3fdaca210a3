import assert from "node:assert/strict";
import { checkCustomHeaders } from "../../../../engine/src/webhooks/rules/custom-headers.ts";

const RESERVED = [
  "host",
  "Host",
  "content-length",
  "connection",
  "transfer-encoding",
  "Transfer-Encoding",
  "webhook-id",
  "webhook-signature",
  "Webhook-Anything",
  "metadata-flavor",
  "Metadata-Flavor",
  "x-google-metadata-request",
  "x-goog-iam-authority-selector",
  "X-Goog-Api-Key",
  "x-aws-ec2-metadata-token",
  "x-aws-ec2-metadata-token-ttl-seconds",
  "content-type",
  "user-agent",
  "accept-encoding",
  "expect",
  "upgrade",
];

const NO_NAMES = ["", " x-a", "x a", "x:a", "x\r\na", "x-é", "__proto__", "-x"];

const NO_VALUES = ["", "a\r\nx-b: c", "a\nb", "a\u0000b", "a\tb", "a\u007fb", "é", "\u2028", " a", "a "];

describe("checkCustomHeaders", () => {
  it("allows usual headers, in lower case and sorted", () => {
    assert.deepEqual(checkCustomHeaders({ "X-Team": "blue ~!", Authorization: "Bearer t0ken", x_plan: "7" }), {
      outcome: "allowed",
      headers: { authorization: "Bearer t0ken", "x-team": "blue ~!", x_plan: "7" },
    });
    assert.deepEqual(checkCustomHeaders({}), { outcome: "allowed", headers: {} });
  });

  for (const name of RESERVED) {
    it(`refuses ${name}`, () => {
      assert.deepEqual(checkCustomHeaders({ "x-a": "1", [name]: "1" }), {
        outcome: "refused",
        header: name,
        message: "This header cannot be set: the sender or the network gives it its value.",
      });
    });
  }

  for (const name of NO_NAMES) {
    it(`refuses ${JSON.stringify(name)} as a name`, () => {
      const headers = Object.fromEntries([[name, "1"]]);
      const answer = checkCustomHeaders(headers);
      assert.equal(answer.outcome === "refused" && answer.header, name);
    });
  }

  for (const value of NO_VALUES) {
    it(`refuses ${JSON.stringify(value.slice(0, 20))} as a value`, () => {
      const answer = checkCustomHeaders({ "x-a": value });
      assert.equal(answer.outcome === "refused" && answer.header, "x-a");
    });
  }

  it("refuses the same name twice", () => {
    assert.deepEqual(checkCustomHeaders({ "x-a": "1", "X-A": "2" }), {
      outcome: "refused",
      header: "X-A",
      message: "It is given twice.",
    });
  });
});
