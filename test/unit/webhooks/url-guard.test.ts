import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ownHosts, urlGuard } from "../../../engine/src/webhooks/egress/url-guard.ts";

const OWN = ownHosts("https://us-central1-acme.cloudfunctions.net/api", "acme");
const production = urlGuard({ allowLoopback: false, ownHosts: OWN });
const local = urlGuard({ allowLoopback: true, ownHosts: ownHosts("http://127.0.0.1:5001", "demo-acme") });

const REFUSED: readonly (readonly [string, ...string[]])[] = [
  ["loopback in any notation", "127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0.0.0.0", "127.0.0.1."],
  ["loopback full-width or percent-encoded", "１２７.0.0.1", "%31%32%37.0.0.1", "127。0。0。1"],
  ["localhost", "localhost", "foo.localhost", "LOCALHOST.", "localhost..", "localhost.localdomain"],
  ["IPv6 loopback and unspecified", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]"],
  ["IPv4 carried by IPv6", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[::127.0.0.1]"],
  ["special IPv6", "[fe80::1]", "[fec0::1]", "[fd7a:115c:a1e0::1]", "[ff02::1]", "[2001:db8::1]"],
  ["metadata", "169.254.169.254", "metadata.google.internal", "METADATA.google.internal.", "metadata", "2852039166"],
  ["RFC 1918", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1"],
  ["special IPv4", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"],
  ["single-label and local names", "intranet", "printer.local", "db.internal", "nas.home.arpa"],
  [
    "ports below 1024 but 443",
    "example.com:22",
    "example.com:25",
    "example.com:80",
    "example.com:0",
    "example.com:1023",
  ],
  ["own hosts", "us-central1-acme.cloudfunctions.net", "europe-west1-acme.cloudfunctions.net:8443", "acme.web.app"],
  ["own hosts in disguise", "US-CENTRAL1-acme.cloudfunctions.net.", "acme.FirebaseApp.com"],
];

const MALFORMED = [
  "http:127.0.0.1/",
  "http:\\\\127.0.0.1/",
  "https:example.com/",
  "https:\\\\example.com/",
  "https:/example.com",
  "https:///example.com",
  "https://example.com\\@127.0.0.1/",
  " https://example.com/",
  "https://example.com/ ",
  "https://exam\tple.com/",
  "https://example.com/\nhook",
  "https://example.com/\u0000",
  "https://exa\u007fmple.com/",
  "file:///etc/passwd",
  "ftp://example.com/",
  "gopher://example.com/",
  "data:text/plain,x",
  "javascript:alert(1)",
  "ws://example.com/",
  "wss://example.com/",
  "//example.com",
  "example.com",
  "https://",
  "https://?x",
  "https://[::1",
  "https://example.com:99999/",
  "",
];

const ALLOWED = [
  "https://172.15.255.255/",
  "https://172.32.0.1/",
  "https://100.63.255.254/",
  "https://100.128.0.1/",
  "https://8.8.8.8/",
  "https://[2001:4860:4860::8888]/",
  "https://example.com",
  "HTTPS://Example.COM/hook?token=a@b&next=http://127.0.0.1/",
  "https://example.com:443/",
  "https://example.com:1024/",
  "https://example.com:65535/#part",
  "https://müller.example/",
  "https://notlocalhost.com/",
  "https://localhost.example.com/",
  "https://us-central1-other.cloudfunctions.net/hook",
  "https://us-central1-big-acme.cloudfunctions.net/hook",
  "https://my.acme.web.app/",
];

describe("urlGuard in production", () => {
  for (const [what, ...hosts] of REFUSED) {
    it(`refuses ${what}`, () => {
      for (const host of hosts) assert.equal(production.judge(`https://${host}/hook`).outcome, "refused", host);
    });
  }

  it("refuses what the URL parser would have to mend, and any other scheme", () => {
    for (const url of MALFORMED) assert.equal(production.judge(url).outcome, "refused", JSON.stringify(url));
  });

  it("refuses plain http", () => {
    assert.equal(production.judge("http://example.com/").outcome, "refused");
    assert.equal(production.judge("http://8.8.8.8:8080/").outcome, "refused");
  });

  it("refuses a user name, also an empty one", () => {
    const urls = [
      "http://good.com@127.0.0.1/",
      "https://user:pass@example.com/",
      "https://@example.com/",
      "https://u@example.com",
    ];
    for (const url of urls) assert.equal(production.judge(url).outcome, "refused", url);
  });

  it("refuses a URL over 2,048 characters and allows one of 2,048", () => {
    const url = `https://example.com/${"x".repeat(2048 - 20)}`;
    assert.equal(url.length, 2048);
    assert.equal(production.judge(url).outcome, "allowed");
    assert.equal(production.judge(`${url}x`).outcome, "refused");
  });

  it("allows public hosts", () => {
    for (const url of ALLOWED) assert.deepEqual(production.judge(url), { outcome: "allowed" }, url);
  });

  it("refuses the ports that docs/webhooks.md names, and no other from 1024 up", () => {
    const document = readFileSync(join(import.meta.dirname, "../../../docs/webhooks.md"), "utf8");
    const [, named = ""] = /one from there up that another protocol uses: ([^;]+);/.exec(document) ?? [];
    const documented = [...named.matchAll(/\b\d{4,5}\b/g)].map(Number).sort((a, b) => a - b);
    const ports = Array.from({ length: 65_536 - 1024 }, (_, index) => 1024 + index);
    const refused = ports.filter((port) => production.judge(`https://example.com:${port}/`).outcome === "refused");
    assert.equal(refused.length, 21);
    assert.deepEqual(documented, refused);
  });

  it("says the same of every private address", () => {
    const messages = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "metadata.google.internal", "intranet"].map((host) =>
      production.judge(`https://${host}/`),
    );
    for (const answer of messages) {
      assert.deepEqual(answer, {
        outcome: "refused",
        message: "The host of a webhook URL has to be reachable on the public internet.",
      });
    }
  });

  it("says what to change", () => {
    assert.deepEqual(production.judge("http://example.com/"), {
      outcome: "refused",
      message: "A webhook URL begins with https:// and has no spaces or backslashes.",
    });
    assert.deepEqual(production.judge("https://example.com:25/"), {
      outcome: "refused",
      message: "Port 25 is not allowed in a webhook URL: use 443, or 1024 and up.",
    });
  });
});

describe("urlGuard in the local cloud", () => {
  it("also allows http, port 80 and loopback", () => {
    const urls = [
      "http://127.0.0.1:5002/inbox",
      "http://localhost:5002/",
      "http://app.localhost:5002/",
      "http://[::1]:5002/",
      "http://127.0.0.1/",
      "http://example.com/",
      "https://localhost:8443/",
    ];
    for (const url of urls) assert.equal(local.judge(url).outcome, "allowed", url);
  });

  it("refuses everything else that production refuses", () => {
    const kept = REFUSED.filter(([what]) => !/loopback|localhost|ports|own hosts/.test(what));
    for (const host of kept.flatMap(([, ...hosts]) => hosts)) {
      assert.equal(local.judge(`http://${host}/hook`).outcome, "refused", host);
    }
    for (const url of MALFORMED) assert.equal(local.judge(url).outcome, "refused", JSON.stringify(url));
    for (const port of [0, 22, 25, 1023]) assert.equal(local.judge(`http://127.0.0.1:${port}/`).outcome, "refused");
    assert.equal(local.judge("http://0.0.0.0:5002/").outcome, "refused");
    assert.equal(local.judge("http://[::ffff:127.0.0.1]:5002/").outcome, "refused");
  });

  it("refuses the API's own port and allows the inbox beside it", () => {
    assert.equal(local.judge("http://127.0.0.1:5001/v1/jobs").outcome, "refused");
    assert.equal(local.judge("http://127.0.0.1:5002/v1/jobs").outcome, "allowed");
  });
});

describe("urlGuard in a local cloud whose ports are named", () => {
  const judge = (url: string) =>
    urlGuard({ allowLoopback: true, loopbackPorts: [5002, 9000], ownHosts: [] }).judge(url);

  it("allows the inbox and the ports that were named, by any name of this machine", () => {
    for (const url of [
      "http://127.0.0.1:5002/x",
      "http://localhost:9000/",
      "https://[::1]:9000/",
      "http://app.localhost:5002/",
    ])
      assert.equal(judge(url).outcome, "allowed", url);
  });

  it("refuses every other port of this machine, and says how to name one", () => {
    const urls = [
      "http://127.0.0.1:9001/",
      "http://localhost/",
      "https://127.9.9.9/",
      "http://[::ffff:127.0.0.1]:8080/",
      "http://2130706433:3000/",
    ];
    for (const url of urls) assert.equal(judge(url).outcome, "refused", url);
    assert.deepEqual(judge("http://localhost:9001/"), {
      outcome: "refused",
      message:
        "On this machine webhooks go to ports 5002, 9000: the inbox, and what was named at the start. " +
        "Name more with npm start -- --webhook-port <port>.",
    });
  });

  it("allows public hosts as ever", () => assert.equal(judge("https://example.com/hook").outcome, "allowed"));
});
