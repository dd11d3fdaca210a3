import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { guardedGet } from "../../../engine/src/webhooks/egress/guarded-get.ts";
import { contentGenerate } from "../../../functions/src/jobs/content-generate/content-generate.ts";
import { ContentOutput } from "../../../functions/src/jobs/content-generate/schemas.ts";
import { readSource } from "../../../functions/src/jobs/content-generate/sources/read-source.ts";
import { siteClient } from "../../../functions/src/web-pages/fetch/site-client.ts";
import { PHOTOSYNTHESIS } from "../../support/learning-sources.ts";

const [biology] = PHOTOSYNTHESIS;
const paragraphs = (biology?.text ?? "").split("\n\n").map((text) => `<p>${text}</p>`);
const ARTICLE = `<!doctype html><html><head><title>Biology &amp; light</title><script>var a = "Plants make food of scripts.";</script></head>
<body><nav><p>Plants make menus for everybody on this site.</p></nav><main>${paragraphs.join("\n")}</main>
<footer><p>Plants make this footer their home forever.</p></footer></body></html>`;

type Handler = (response: ServerResponse) => void;
const page =
  (body: string, type = "text/html; charset=utf-8"): Handler =>
  (response) =>
    response.writeHead(200, { "content-type": type }).end(body);
const PATHS: Readonly<Record<string, Handler>> = {
  "/article": page(ARTICLE),
  "/notes.txt": page(biology?.text ?? "", "text/plain; charset=utf-8"),
  "/moved": (response) => response.writeHead(302, { location: "/article" }).end(),
  "/inside": (response) => response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data/" }).end(),
  "/gone": (response) => response.writeHead(404).end(),
  "/image": page("GIF89a", "image/gif"),
  "/empty": page("<html><body><script>render()</script></body></html>"),
  "/robots.txt": page("User-agent: *\nDisallow: /private\n", "text/plain"),
  "/private": page(ARTICLE),
};

describe("sources by URL", function () {
  this.timeout(60_000);
  let server: Server;
  let base = "";
  before(async () => {
    server = createServer((request, response) => (PATHS[request.url ?? ""] ?? PATHS["/gone"])?.(response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    base = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
  });
  after(() => new Promise((resolve) => server.close(resolve)));

  async function run(paths: string[], documents?: typeof PHOTOSYNTHESIS) {
    const get = guardedGet({ allowLoopback: true, ownHosts: [] });
    const turns = { take: <T>(_host: string, _signal: AbortSignal, request: () => Promise<T>) => request() };
    const site = siteClient({ get, turns, userAgent: "BatonTest/1.0", deadlineMs: 5000 });
    const voice = { name: "none", speak: () => Promise.reject(new Error("nothing is spoken")) };
    const type = contentGenerate(async () => ({ voice, openSite: async () => site }));
    const input = {
      query: "How do plants make food from sunlight?",
      sourceUrls: paths.map((path) => (path.startsWith("/") ? `${base}${path}` : path)),
      ...{ ...(documents && { documents }), seconds: 20, formats: ["script" as const] },
    };
    const job = await testJob(type, input, { patienceMs: 30_000, settings: { GCLOUD_PROJECT: "demo-baton" } });
    await job.run();
    return job;
  }

  for (const path of ["/article", "/moved", "/notes.txt"]) {
    it(`are read where the page is: ${path}`, async () => {
      const job = await run([path]);
      assert.deepEqual([job.status, job.error], ["completed", undefined]);
      const { sources, script } = ContentOutput.parse(job.output);
      assert.equal(sources[0]?.url, `${base}${path === "/moved" ? "/article" : path}`);
      assert.match(script.scenes[0]?.narration ?? "", /^Photosynthesis is the process/);
    });
  }

  it("keep the rest when one page cannot be had, and say why", async () => {
    const job = await run(["/gone", "/article"], PHOTOSYNTHESIS.slice(1));
    const { sources } = ContentOutput.parse(job.output);
    assert.deepEqual(
      sources.map(({ title, failure }) => [title, failure?.code]),
      [
        ["Light and leaves", undefined],
        [`${base}/gone`, "page-not-found"],
        ["Biology & light", undefined],
      ],
    );
  });

  for (const [what, url, code] of [
    ["a page that is not there", "/gone", "page-not-found"],
    ["a picture", "/image", "not-a-page"],
    ["a page without text", "/empty", "page-empty"],
    ["a page that robots.txt forbids", "/private", "robots-disallowed"],
    ["a redirect to an address inside the cloud", "/inside", "redirect-refused"],
    ["the metadata server", "http://169.254.169.254/latest/meta-data/", "url-refused"],
    ["the metadata server by name", "http://metadata.google.internal/", "url-refused"],
    ["a private address", "http://10.0.0.1/", "url-refused"],
    ["an address as one number", "http://2852039166/", "url-refused"],
    ["a private IPv6 address", "http://[fd00::1]/", "url-refused"],
  ] as const) {
    it(`fail for good when there is no other source: ${what}`, async () => {
      const job = await run([url]);
      assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, code]);
    });
  }
});

describe("a page as a source", () => {
  const headers = new Map([["content-type", "text/html"]]);
  const read = (html: string) => readSource({ url: "https://example.com/a", body: Buffer.from(html), headers });

  it("has its title and the paragraphs of its main part, without menus, scripts and footers", () => {
    const { title, text } = read(ARTICLE);
    assert.equal(title, "Biology & light");
    assert.match(text, /\n\nPlants make their own food from three things/);
    assert.doesNotMatch(text, /menus|scripts|footer/);
  });

  it("is named by its host when it has no title", () => {
    assert.equal(read("<p>Text.</p>").title, "example.com");
  });
});
