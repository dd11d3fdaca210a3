import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { AddressJudge } from "./ports.ts";

/**
 * Ranges of Google's own APIs that ipaddr.js calls unicast (cloud.google.com/vpc/docs/configure-private-google-access).
 */
const GOOGLE_APIS = ["199.36.153.4/30", "199.36.153.8/30", "2600:2d00:2::/48"].map((range) => ipaddr.parseCIDR(range));

/**
 * The part of IPv6 that is assigned for the internet. Outside it, ipaddr.js calls several special ranges unicast (RFC
 * 4291, section 2.4).
 */
const IPV6_GLOBAL = ipaddr.parseCIDR("2000::/3");

/** Says whether webhooks may go to this machine, and to which ports: to all when none are named. Local cloud only. */
export interface LoopbackRules {
  allowLoopback: boolean;
  loopbackPorts?: readonly number[];
}

/**
 * Judges IP addresses in canonical notation: a public one is allowed; private, special and unreadable ones are refused.
 * `allowLoopback` (local cloud only) also allows 127.0.0.0/8 and ::1 at the named ports, and no other private address.
 */
export function addressJudge(options: LoopbackRules): AddressJudge {
  const { allowLoopback, loopbackPorts } = options;
  const allowsPort = (port = 0) => allowLoopback && (loopbackPorts?.includes(port) ?? true);
  return (address, port) => (isAllowed(address, allowsPort(port)) ? "allowed" : "refused");
}

function isAllowed(address: string, allowLoopback: boolean): boolean {
  // node:net accepts canonical notation only, where ipaddr.js would read octal and shortened forms, too.
  // A zone (`%eth0`) is local.
  if (isIP(address) === 0 || address.includes("%")) return false;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === "loopback") return allowLoopback;
  if (range !== "unicast") return false;
  if (parsed.kind() === "ipv6" && !isWithin(parsed, IPV6_GLOBAL)) return false;
  return !GOOGLE_APIS.some((special) => isWithin(parsed, special));
}

type Address = ReturnType<typeof ipaddr.parse>;

function isWithin(address: Address, range: [Address, number]): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}
