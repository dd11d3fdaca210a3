import { lookup, Resolver } from "node:dns/promises";

/**
 * Gives all IP addresses of a name, at least one; rejects when there is none, or nobody who knows answers until
 * `signal` aborts.
 */
export type ResolveName = (hostname: string, signal: AbortSignal) => Promise<string[]>;

/**
 * Asks the system, which also knows the names in `/etc/hosts`: for the local cloud, where no tenant can keep the
 * threads of the pool from another.
 */
export const resolveAsSystem: ResolveName = async (hostname) => {
  const found = await lookup(hostname, { all: true, order: "ipv4first" });
  return found.map(({ address }) => address);
};

/**
 * Two tries of a name server, of 2 s and then 4 s: a slow one leaves time for the request within its deadline of 15 s.
 */
const DNS_TIMING = { timeout: 2000, tries: 2, maxTimeout: 4000 };

/**
 * Asks the name servers of this machine, or of `servers` (`address:port`), for IPv4 and IPv6 addresses; IPv4 comes
 * first. Not `dns.lookup`: that runs on the four threads of the process's pool, which four slow names of one tenant
 * would keep from all others. Names in `/etc/hosts` are not found, but for `localhost` and what is below it (RFC 6761,
 * section 6.3).
 */
export function nameResolver(servers?: readonly string[]): ResolveName {
  return async (hostname, signal) => {
    if (/^(.+\.)?localhost\.?$/.test(hostname)) return ["127.0.0.1", "::1"];
    // A resolver of its own for each name: it keeps no answers, and nobody else waits in it.
    const resolver = new Resolver(DNS_TIMING);
    if (servers) resolver.setServers(servers);
    signal.addEventListener("abort", () => resolver.cancel(), { once: true });
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (addresses.length > 0) return addresses;
    const causes = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
    throw new AggregateError(causes, `${hostname} has no address`);
  };
}
