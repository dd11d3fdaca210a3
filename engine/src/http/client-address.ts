import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * Gives the network that a request comes from: an IPv4 address, or the first 64 bits of an IPv6 one, which one customer
 * has. Takes the address from `forwardedFor`, the header X-Forwarded-For. Each proxy adds the address of its caller at
 * the right end; the caller may have written anything to the left of that. Google's front end adds the last one;
 * `trustedProxies` says how many before it are added by proxies of the deployment. Falls back on `remoteAddress`, that
 * of the connection.
 */
export function clientNetwork(
  forwardedFor: string | undefined,
  remoteAddress: string | undefined,
  trustedProxies: number,
): string {
  const hops = (forwardedFor ?? "").split(",").map((hop) => hop.trim());
  const given = hops.at(-1 - trustedProxies) ?? hops[0];
  const address = [given, remoteAddress].find((text) => text !== undefined && isIP(text) !== 0);
  return address === undefined ? "unknown" : networkOf(address);
}

function networkOf(address: string): string {
  const parsed = ipaddr.process(address.replace(/%.*$/, ""));
  if (parsed.kind() === "ipv4") return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`;
}
