import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { GuardedGet } from "@baton/engine/egress";
import { MADE_SITES } from "./index.ts";
import type { MadeAnswer, MadeSite } from "./made-site.ts";

const BY_HOST = new Map(MADE_SITES.map((site) => [`${site.name}.localhost`, site]));

/** The made site at a host; `host` may have a port. */
function siteAt(host: string): MadeSite | undefined {
  return BY_HOST.get(host.replace(/:\d+$/, ""));
}

/** Answers a request to a made site; `host` has the port. */
function answerOf(host: string, path: string): Required<MadeAnswer> {
  const site = siteAt(host);
  const found = site && Object.hasOwn(site.pages, path) ? site.pages[path] : undefined;
  if (found === undefined) return { status: 404, headers: { "content-type": "text/html" }, body: "<h1>Not found</h1>" };
  const { status = 200, headers = {}, body }: MadeAnswer = typeof found === "string" ? { body: found } : found;
  const text =
    typeof body === "string" ? body.replaceAll("{origin}", `http://${host}`).replaceAll("{host}", host) : body;
  return { status, headers: { "content-type": "text/html; charset=utf-8", ...headers }, body: text };
}

/** Answers requests to the made sites from memory. Keeps the URLs that were asked for in `asked`. */
export function madeGet(asked: string[] = []): GuardedGet {
  return async (url) => {
    asked.push(url);
    const { host, pathname, search, protocol } = new URL(url);
    if (protocol !== "http:") return { outcome: "failed", kind: "tls" };
    const { status, headers, body } = answerOf(host, `${pathname}${search}`);
    return { outcome: "answered", status, headers: new Map(Object.entries(headers)), bytes: Buffer.from(body) };
  };
}

/** The made sites on a port of this machine. */
export interface ServedSites {
  urlOf(site: MadeSite): string;
  stop(): Promise<void>;
}

/** Serves the made sites on a port of this machine. `delayMsOf` is how long each answer of a site takes. */
export async function serveSites(delayMsOf: (site: MadeSite) => number = () => 0): Promise<ServedSites> {
  const server = createServer((request, response) => {
    const { host = "" } = request.headers;
    const site = siteAt(host);
    const { status, headers, body } = answerOf(host, request.url ?? "/");
    setTimeout(() => response.writeHead(status, { ...headers }).end(body), site ? delayMsOf(site) : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: ({ name }) => `http://${name}.localhost:${port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
