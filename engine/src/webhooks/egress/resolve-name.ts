import { lookup, Resolver } from "node:dns/promises";

/**
 * Resolves a name to all its IP addresses, at least one. Rejects when there is none, or no answer until `signal`
 * aborts.
 */
export type ResolveName = (hostname: string, signal: AbortSignal) => Promise<string[]>;

/**
 * Resolves by the system, which also reads `/etc/hosts`. For the local cloud only: there no tenant can occupy the
 * threads of the pool.
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
 * Resolves by the name servers of this machine, or by `servers` (`address:port`); IPv4 addresses come first. Not by
 * `dns.lookup`, which runs on the four threads of the process's pool: four slow names of one tenant would block all
 * others. `/etc/hosts` is not read, but `localhost` and names below it resolve (RFC 6761, section 6.3).
 */
export function nameResolver(servers?: readonly string[]): ResolveName {
  return async (hostname, signal) => {
    if (/^(.+\.)?localhost\.?$/.test(hostname)) return ["127.0.0.1", "::1"];
    // A resolver for each name: it caches no answer, and its cancel stops no other lookup.
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
