import assert from "node:assert/strict";
import { addressJudge } from "../../../engine/src/webhooks/egress/address.ts";

const REFUSED = [
  ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
  ["unspecified and this network", "0.0.0.0", "0.1.2.3", "::"],
  ["RFC 1918", "10.0.0.1", "172.16.0.0", "172.31.255.255", "192.168.1.1"],
  ["carrier-grade NAT", "100.64.0.1", "100.127.255.255"],
  ["link-local and cloud metadata", "169.254.169.254", "169.254.0.1", "fe80::1"],
  ["documentation", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  ["benchmarking", "198.18.0.1", "198.19.255.255", "2001:2::1"],
  ["protocol assignments and relays", "192.0.0.8", "192.88.99.1", "2001:1::1"],
  ["multicast", "224.0.0.1", "239.255.255.255", "ff02::1"],
  ["reserved and broadcast", "240.0.0.1", "255.255.255.255"],
  ["IPv4 inside IPv6", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "::ffff:0:7f00:1"],
  ["NAT64", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"],
  ["6to4 and Teredo", "2002:a9fe:a9fe::", "2002:7f00:1::", "2001::1"],
  ["IPv6 private", "fd7a:115c:a1e0::1", "fc00::1", "fec0::1"],
  ["IPv6 discard and others outside 2000::/3", "100::1", "100:0:0:1::1", "5f00::1", "4000::1", "1fff::1"],
  ["Google's own APIs", "199.36.153.4", "199.36.153.11", "2600:2d00:2:1000::1", "2600:2d00:2:2000::1"],
  ["a zone", "fe80::1%eth0", "2001:4860:4860::8888%1"],
  [
    "what is not canonical",
    "0177.0.0.1",
    "8.8",
    "2130706433",
    "0x8.8.8.8",
    "[2001:4860:4860::8888]",
    "",
    "example.com",
  ],
] as const;

const ALLOWED = [
  "172.15.255.255",
  "172.32.0.1",
  "100.63.255.254",
  "100.128.0.1",
  "8.8.8.8",
  "199.36.153.3",
  "199.36.153.12",
  "169.253.255.255",
  "223.255.255.255",
  "2001:4860:4860::8888",
  "2600:2d00:3::1",
  "2a00:1450:4001::1",
];

describe("addressJudge", () => {
  for (const [what, ...addresses] of REFUSED) {
    it(`refuses ${what}`, () => {
      const judge = addressJudge({ allowLoopback: false });
      for (const address of addresses) assert.equal(judge(address), "refused", address);
    });
  }

  it("allows public addresses, also those beside a special range", () => {
    const judge = addressJudge({ allowLoopback: false });
    for (const address of ALLOWED) assert.equal(judge(address), "allowed", address);
  });

  it("allows loopback, and nothing else that is private, in the local cloud", () => {
    const judge = addressJudge({ allowLoopback: true });
    for (const address of ["127.0.0.1", "127.0.0.2", "::1"]) assert.equal(judge(address), "allowed", address);
    const others = REFUSED.filter(([what]) => what !== "loopback").flatMap(([, ...addresses]) => addresses);
    for (const address of others) assert.equal(judge(address), "refused", address);
  });
});

describe("addressJudge with named ports of this machine", () => {
  it("allows loopback at those alone, and public addresses at any", () => {
    const judge = addressJudge({ allowLoopback: true, loopbackPorts: [5002] });
    assert.deepEqual(
      [
        judge("127.0.0.1", 5002),
        judge("::1", 5002),
        judge("127.0.0.1", 8080),
        judge("127.0.0.1"),
        judge("8.8.8.8", 443),
      ],
      ["allowed", "allowed", "refused", "refused", "allowed"],
    );
  });
});
