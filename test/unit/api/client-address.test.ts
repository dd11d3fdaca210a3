import assert from "node:assert/strict";
import { clientNetwork } from "../../../engine/src/http/client-address.ts";

describe("the network of a client", () => {
  for (const [forwardedFor, remoteAddress, trustedProxies, expected, why] of [
    ["198.51.100.7", "10.0.0.1", 0, "198.51.100.7", "what Google's front end saw"],
    ["203.0.113.9, 198.51.100.7", "10.0.0.1", 0, "198.51.100.7", "not what the caller wrote before it"],
    ["203.0.113.9,198.51.100.7,192.0.2.1", "10.0.0.1", 1, "198.51.100.7", "what a proxy of the deployment saw"],
    ["198.51.100.7", "10.0.0.1", 1, "198.51.100.7", "the only one, when the proxy was gone round"],
    [undefined, "198.51.100.7", 0, "198.51.100.7", "the connection's, without a front end"],
    ["", "198.51.100.7", 0, "198.51.100.7", "the connection's, for an empty header"],
    ["made-up", "198.51.100.7", 0, "198.51.100.7", "the connection's, for what is no address"],
    ["::ffff:198.51.100.7", undefined, 0, "198.51.100.7", "an IPv4 address written as IPv6"],
    ["2001:db8:1:2:aaaa::1", undefined, 0, "2001:db8:1:2::/64", "one customer's network of IPv6"],
    ["2001:db8:1:2:bbbb:cccc:dddd:eeee", undefined, 0, "2001:db8:1:2::/64", "another address of that network"],
    ["fe80::1%eth0", undefined, 0, "fe80::/64", "an address with a zone"],
    [undefined, undefined, 0, "unknown", "nothing at all, as on a socket of this machine"],
  ] as const) {
    it(`is ${expected} for ${forwardedFor} by ${remoteAddress}: ${why}`, () => {
      assert.equal(clientNetwork(forwardedFor, remoteAddress, trustedProxies), expected);
    });
  }
});
