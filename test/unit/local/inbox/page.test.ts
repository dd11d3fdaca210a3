import assert from "node:assert/strict";
import { inboxPage } from "../../../../local/inbox/page.ts";
import { aMessage } from "./messages.ts";

const URL = "http://127.0.0.1:5002";
const EVIL = `"><script>alert('x')</script>`;

describe("the inbox's page", () => {
  it("shows nothing that arrived as markup, wherever it stands", () => {
    const message = aMessage({
      path: EVIL,
      body: EVIL,
      type: EVIL,
      jobId: EVIL,
      headers: { "webhook-id": EVIL, [EVIL]: EVIL },
      receivedAt: EVIL,
      signature: { outcome: "failed", problem: EVIL },
      retryAfter: EVIL,
    });
    const told = [{ path: EVIL, behaviour: { status: 429, retryAfter: EVIL, delayMs: 0, times: 1 } }] as const;
    const page = inboxPage([message], told, EVIL);
    assert.equal(page.includes("<script"), false);
    assert.equal(page.includes(`alert('x')`), false);
    assert.equal(page.includes(`""`), false);
    assert.ok(page.split("&lt;script&gt;").length > 15);
  });

  it("keeps a body's braces and quotes readable once the browser has read them", () => {
    const page = inboxPage([aMessage({ body: `{"a":"<b>&amp;</b>"}` })], [], URL);
    assert.ok(page.includes("{\n  &quot;a&quot;: &quot;&lt;b&gt;&amp;amp;&lt;/b&gt;&quot;\n}"));
  });

  it("says why a message is not verified, and with whose secret one is", () => {
    const page = inboxPage(
      [
        aMessage({ signature: { outcome: "failed", problem: "Message timestamp too old" } }),
        aMessage({ number: 2, signature: { outcome: "verified", signedWith: "endpoint e1" } }),
      ],
      [],
      URL,
    );
    assert.match(page, /signature does not fit<\/span>\s*<span>Message timestamp too old/);
    assert.match(page, /signature verified<\/span>\s*<span>with endpoint e1/);
  });

  it("puts the attempts of one webhook-id together, and says what each was answered", () => {
    const page = inboxPage(
      [
        aMessage({ answered: 429, retryAfter: "120" }),
        aMessage({ number: 2, headers: { "webhook-id": "msg_2" }, answered: "never" }),
        aMessage({ number: 3 }),
      ],
      [],
      URL,
    );
    assert.equal(page.match(/<dt>webhook-id<\/dt>/g)?.length, 2);
    assert.match(page, /2 attempts/);
    assert.match(page, /429, Retry-After: 120/);
    assert.match(page, /no answer/);
    assert.ok(page.indexOf("Attempt 2") < page.indexOf("Attempt 1"), "the newest attempt first");
  });

  it("offers a way back for each path that answers otherwise", () => {
    const page = inboxPage([], [{ path: "/a", behaviour: { status: 500, delayMs: 0, times: "always" } }], URL);
    assert.match(page, /<code>\/a<\/code><span>500<\/span><span>for every request<\/span>/);
    assert.match(page, /Switch back/);
  });
});
