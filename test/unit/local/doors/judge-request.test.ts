import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { refusalOf } from "../../../../local/doors/judge-request.ts";

function isLetIn(headers: IncomingHttpHeaders, allowedOrigins: string[] = []): boolean {
  return refusalOf({ headers, socket: { localPort: 5001 } }, { allowedOrigins }) === undefined;
}

const HOST = "127.0.0.1:5001";

describe("a door of the local cloud", () => {
  for (const host of [
    "127.0.0.1:5001",
    "localhost:5001",
    "LOCALHOST:5001",
    "app.localhost:5001",
    "[::1]:5001",
    "127.1:5001",
  ]) {
    it(`is called as ${host}`, () => assert.equal(isLetIn({ host }), true));
  }

  const foreignHosts = [
    "evil.example:5001",
    "evil.example",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.0.0.1.evil.example:5001",
  ];
  for (const host of [
    ...foreignHosts,
    "localhost.evil.example:5001",
    "0.0.0.0:5001",
    "10.0.0.1:5001",
    "",
    "a b",
    "127.0.0.1:5001@x",
    "[::1",
    undefined,
  ]) {
    it(`is not called as ${host}: a name that leads here may be another site's`, () => {
      assert.equal(isLetIn(host === undefined ? {} : { host }), false);
    });
  }

  for (const origin of [
    "http://localhost:5173",
    "http://127.0.0.1:5000",
    "https://app.localhost",
    "http://[::1]:3000",
  ]) {
    it(`lets in a page of ${origin}`, () => assert.equal(isLetIn({ host: HOST, origin }), true));
  }

  const foreignOrigins = [
    "https://evil.example",
    "null",
    "",
    "http://localhost.evil.example",
    "http://localhost:1@evil.example",
  ];
  for (const origin of [
    ...foreignOrigins,
    "http://192.168.1.2:5000",
    "file://",
    "chrome-extension://abc",
    "http://127.0.0.1.evil.example",
    "http:localhost",
    "http://evil.example@localhost",
    "http://localhost\\.evil.example",
    "http://127.0.0.1, http://evil.example",
  ]) {
    it(`refuses a page of "${origin}"`, () => assert.equal(isLetIn({ host: HOST, origin }), false));
  }

  it("lets in a page of an origin that was named, and is called by its host", () => {
    const named = ["https://my.dev", "chrome-extension://abc"];
    assert.equal(isLetIn({ host: HOST, origin: "https://my.dev" }, named), true);
    assert.equal(isLetIn({ host: HOST, origin: "chrome-extension://abc" }, named), true);
    assert.equal(isLetIn({ host: "my.dev", origin: "https://my.dev" }, named), true);
    assert.equal(isLetIn({ host: HOST, origin: "https://my.dev.evil.example" }, named), false);
    assert.equal(isLetIn({ host: HOST, origin: "http://my.dev" }, named), false);
  });

  it("refuses what another site's page loads without saying its origin, and lets a link be followed", () => {
    assert.equal(isLetIn({ host: HOST, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }), false);
    assert.equal(isLetIn({ host: HOST, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }), true);
    assert.equal(isLetIn({ host: HOST, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }), true);
  });
});
