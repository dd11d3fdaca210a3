import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { createInboxStore } from "../../../local/inbox/messages.ts";
import { inboxPage } from "../../../local/inbox/page.ts";
import { verifySignature } from "../../../local/inbox/verify.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const MESSAGE = {
  receivedAt: "2026-03-01T10:00:00.000Z",
  path: "/hook",
  headers: {},
  body: "{}",
  signature: { outcome: "missing" },
  answered: 200,
} as const;

function signed(secret: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", now, body),
  };
}

describe("the webhook inbox", () => {
  it("names the secret that signed a message", () => {
    const secrets = [
      { name: "the owner's secret", secret: OTHER },
      { name: "endpoint e1", secret: SECRET },
    ];
    const verdict = verifySignature(signed(SECRET, "{}"), "{}", secrets);
    assert.deepEqual(verdict, { outcome: "verified", signedWith: "endpoint e1" });
  });

  it("notices a body that was changed, an unknown secret, and a missing signature", () => {
    const secrets = [{ name: "the owner's secret", secret: SECRET }];
    assert.equal(verifySignature(signed(SECRET, "{}"), "{ }", secrets).outcome, "failed");
    assert.equal(verifySignature(signed(OTHER, "{}"), "{}", secrets).outcome, "failed");
    assert.equal(verifySignature({}, "{}", secrets).outcome, "missing");
  });

  it("answers the next requests to a path as told, then 200 again, and other paths as ever", () => {
    const store = createInboxStore();
    store.behave("/a", { status: 500, remaining: 2 });
    assert.deepEqual(
      [store.nextStatus("/a"), store.nextStatus("/b"), store.nextStatus("/a"), store.nextStatus("/a")],
      [500, 200, 500, 200],
    );
  });

  it("lists the messages of one job in the order they came", () => {
    const store = createInboxStore();
    for (const jobId of ["j1", "j2", "j1"]) store.add({ ...MESSAGE, jobId });
    assert.deepEqual(
      store.list("j1").map(({ number }) => number),
      [1, 3],
    );
  });

  it("keeps the newest 500 messages", () => {
    const store = createInboxStore();
    for (let count = 0; count < 501; count++) store.add(MESSAGE);
    const numbers = store.list().map(({ number }) => number);
    assert.deepEqual([numbers.length, numbers[0], numbers.at(-1)], [500, 2, 501]);
  });

  it("shows nothing that arrived as markup", () => {
    const evil = `"><script>alert('x')</script>`;
    const message = {
      ...MESSAGE,
      number: 1,
      path: evil,
      body: evil,
      type: evil,
      jobId: evil,
      headers: { "x-a": evil },
    };
    const page = inboxPage([message], "http://127.0.0.1:5002");
    assert.equal(page.includes("<script>"), false);
    assert.equal(page.split("&lt;script&gt;").length - 1, 5);
  });
});
