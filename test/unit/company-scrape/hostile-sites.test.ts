import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { guardedGet } from "@baton/engine/egress";
import { after, before } from "mocha";
import { makeCertificate } from "../../support/certificates.ts";
import { HOSTILE_SITES } from "../../support/sites/hostile-sites.ts";
import { scrape, scrapePorts } from "../../support/sites/scrape-made-site.ts";

/** A name below `localhost` is this machine; others are what a stranger's name server says. */
const resolve = async (hostname: string) => {
  if (hostname.endsWith(".localhost")) return ["127.0.0.1"];
  if (hostname === "intranet.example") return ["10.0.0.5"];
  throw Object.assign(new Error("no address"), { code: "ENOTFOUND" });
};
const get = guardedGet({ allowLoopback: true, ownHosts: [], resolve });
const ports = () => scrapePorts(get, { requestMs: 2000 });

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

const codeOf = (url: string) =>
  scrape(ports(), { url, freshness: "none" }).then(
    () => "none",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );

describe("a scrape of a hostile site", () => {
  let port: number;
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    response.on("error", () => undefined);
    const name = (request.headers.host ?? "").split(".")[0];
    HOSTILE_SITES.find((site) => site.name === name)?.answer(request, response);
  });
  before(async () => {
    port = await listening(server);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  for (const { name, code, company, isEmpty } of HOSTILE_SITES) {
    it(`of the kind ${name} ${code === undefined ? "gives a profile" : `fails with ${code}`}`, async () => {
      asked = 0;
      const url = `http://${name}.localhost:${port}/`;
      if (code === undefined) {
        const profile = await scrape(ports(), { url, freshness: "none" });
        assert.equal(profile.name?.value, isEmpty ? undefined : company);
        assert.ok(profile.pages.length <= 12, `${profile.pages.length} pages`);
      } else assert.equal(await codeOf(url), code);
      assert.ok(asked <= 20, `${asked} requests`);
    });
  }

  it("with an untrusted certificate fails with tls-failed", async () => {
    const tls = createTlsServer(
      await makeCertificate("self.localhost"),
      (_request, response) => void response.end("x"),
    );
    const tlsPort = await listening(tls);
    assert.equal(await codeOf(`https://self.localhost:${tlsPort}/`), "tls-failed");
    tls.close();
  });

  it("that speaks http where https is asked for fails with tls-failed", async () => {
    assert.equal(await codeOf(`https://loop.localhost:${port}/`), "tls-failed");
  });

  it("whose name has no address fails with dns-failed", async () => {
    assert.equal(await codeOf("http://nowhere.example/"), "dns-failed");
  });

  it("on a port where nothing listens fails with site-unreachable", async () => {
    assert.equal(await codeOf("http://closed.localhost:1025/"), "site-unreachable");
  });

  for (const url of [
    "http://10.0.0.1/",
    "http://[::ffff:10.0.0.1]/",
    "http://169.254.169.254/",
    "http://intranet.example/",
    "http://router.local/",
    "http://127.0.0.1:22/",
    "http://2130706433:25/",
  ]) {
    it(`at ${url} is refused before anything is sent`, async () => {
      assert.equal(await codeOf(url), "url-refused");
    });
  }
});
