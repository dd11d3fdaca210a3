import assert from "node:assert/strict";
import { ownHosts, urlGuard } from "../../../engine/src/webhooks/egress/url-guard.ts";

const OWN_HOSTS = ownHosts("https://us-central1-acme.cloudfunctions.net/api", "acme", [
  "*-x2yz3abcde-uc.a.run.app",
  "*-123456789012.us-central1.run.app",
  "jobs.acme.example",
]);

/** Production's guard, which judges on creation, on every change, and before every send. */
const guard = urlGuard({ allowLoopback: false, ownHosts: OWN_HOSTS });

/** The rows of what is refused at the door; a bare host stands for `https://<host>/hook`. */
const REFUSED: Record<string, string[]> = {
  loopback: [
    "127.0.0.1",
    "2130706433",
    "0177.0.0.1",
    "0x7f000001",
    "127.1",
    "0.0.0.0",
    "%31%32%37.0.0.1",
    "１２７.0.0.1",
    "localhost",
    "foo.localhost",
    "LOCALHOST.",
  ],
  "IPv6 that leads home": [
    "[::]",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:a9fe:a9fe::]",
  ],
  "IPv6 that is not public": [
    "[fe80::1]",
    "[fec0::1]",
    "[fd7a:115c:a1e0::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[100:0:0:1::1]",
  ],
  "the metadata server": ["169.254.169.254", "metadata.google.internal", "METADATA.google.internal.", "metadata"],
  "IPv4 that is not public": [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "199.36.153.4",
    "199.36.153.8",
  ],
  "what the URL parser mends": [
    "http:127.0.0.1/",
    "http:\\\\127.0.0.1/",
    "http://good.com@127.0.0.1/",
    "https://good.com\\@127.0.0.1/",
    "https://exam\tple.com/",
    "https://user:pass@example.com/",
  ],
  "another scheme, or none": [
    "file:///etc/passwd",
    "ftp://example.com/",
    "gopher://example.com/",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "ws://example.com/",
    "http://example.com/",
    "//example.com",
    "example.com",
  ],
  "a port of other services": [
    "example.com:22",
    "example.com:25",
    "example.com:80",
    "example.com:6379",
    "example.com:11211",
    "example.com:0",
    "example.com:1023",
  ],
  "the deployment's own hosts": [
    "us-central1-acme.cloudfunctions.net",
    "EUROPE-west1-acme.cloudfunctions.net.",
    "acme.web.app",
    "acme--preview-1a2b3c4d.web.app",
    "acme.firebaseapp.com",
    "api-x2yz3abcde-uc.a.run.app",
    "worker-heavy-x2yz3abcde-uc.a.run.app:8443",
    "api-123456789012.us-central1.run.app",
    "jobs.acme.example",
  ],
};

const ALLOWED = [
  "https://172.15.255.255/",
  "https://172.32.0.1/",
  "https://100.63.255.254/",
  "https://100.128.0.1/",
  "https://8.8.8.8/",
  "https://[2001:4860:4860::8888]/",
  "https://example.com/hook?next=http://127.0.0.1/",
  "https://example.com:1024/",
  "https://api-other12345-uc.a.run.app/",
  "https://x2yz3abcde-uc.a.run.app.evil.example/",
  "https://us-central1-other.cloudfunctions.net/",
];

const isUrl = (text: string) => /^[a-z]*:?\/\/|^[a-z]+:[^0-9]/i.test(text) || text === "example.com";

describe("a hostile URL", () => {
  for (const [what, texts] of Object.entries(REFUSED)) {
    for (const text of texts) {
      const url = isUrl(text) || text.startsWith("http:127") ? text : `https://${text}/hook`;
      it(`is refused: ${what}, ${JSON.stringify(url)}`, () => {
        const answer = guard.judge(url);
        assert.equal(answer.outcome, "refused");
      });
    }
  }

  it("is refused: 2,049 characters", () => {
    const longest = `https://example.com/${"x".repeat(2028)}`;
    assert.equal(longest.length, 2048);
    assert.equal(guard.judge(longest).outcome, "allowed");
    assert.equal(guard.judge(`${longest}x`).outcome, "refused");
  });

  for (const url of ALLOWED) {
    it(`is none: ${url} is allowed`, () => assert.deepEqual(guard.judge(url), { outcome: "allowed" }));
  }

  it("gets the same message for every private host", () => {
    const hosts = [...(REFUSED.loopback ?? []), ...(REFUSED["the metadata server"] ?? []), "10.0.0.1", "[fe80::1]"];
    const answers = hosts.map((host) => JSON.stringify(guard.judge(`https://${host}/`)));
    assert.deepEqual(
      [...new Set(answers)],
      [
        JSON.stringify({
          outcome: "refused",
          message: "The host of a webhook URL has to be reachable on the public internet.",
        }),
      ],
    );
  });
});
