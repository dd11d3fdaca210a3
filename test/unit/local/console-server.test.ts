import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { consoleHandler } from "../../../local/console-server.ts";
import { type Listening, listen } from "../../../local/http.ts";
import { consoleSite } from "../../../local/own-console.ts";

const ADDRESSES = {
  apiUrl: "http://127.0.0.1:5001",
  consoleUrl: "http://127.0.0.1:5000",
  inboxUrl: "http://127.0.0.1:5002",
  firestoreHost: "127.0.0.1:8080",
  pubsubHost: "127.0.0.1:8085",
  authHost: "127.0.0.1:9099",
  storageUrl: "http://127.0.0.1:9199",
  tasksHost: "127.0.0.1:9499",
  projectId: "demo-baton",
};

describe("the console's server, by the rules of firebase.json", () => {
  let parent: string;
  let server: Listening;

  before(async () => {
    parent = await mkdtemp(join(tmpdir(), "baton-console-"));
    const folder = join(parent, "dist");
    await mkdir(join(folder, "assets"), { recursive: true });
    await mkdir(`${folder}-other`);
    await writeFile(join(folder, "index.html"), "the page");
    await writeFile(join(folder, "start.js"), "start()");
    await writeFile(join(folder, "favicon.svg"), "<svg/>");
    await writeFile(join(folder, "assets", "index-1a2b.js"), "run()");
    await writeFile(`${folder}-other/secret.txt`, "secret");
    server = await listen(
      consoleHandler({ ...consoleSite(), folder }, ADDRESSES, (_, res) => void res.writeHead(202).end("the API")),
      0,
      { name: "console" },
    );
  });

  after(async () => {
    await server.close();
    await rm(parent, { recursive: true });
  });

  /** Sends the path as it stands: `fetch` would tidy it. */
  const get = (path: string) =>
    new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      request(`${server.url}/`, { path }, (res) => {
        let body = "";
        res.setEncoding("utf8").on("data", (part: string) => {
          body += part;
        });
        res.on("end", () => resolve({ status: res.statusCode, headers: res.headers, body }));
      })
        .on("error", reject)
        .end();
    });

  for (const path of ["/", "/?a=1", "/index.html", "/jobs/Wd3fHk29sLqP0aXz7TbN", "/jobs/a%20b", "/jobs/100%"]) {
    it(`answers ${path} with the page, which no cache keeps`, async () => {
      const { status, headers, body } = await get(path);
      assert.deepEqual([status, headers["cache-control"], body], [200, "no-cache", "the page"]);
    });
  }

  it("lets caches keep an asset for a year, and asks for the start script each time", async () => {
    const [asset, start] = [await get("/assets/index-1a2b.js"), await get("/start.js")];
    assert.deepEqual(
      [asset.headers["cache-control"], asset.body, start.headers["cache-control"], start.body],
      ["public, max-age=31536000, immutable", "run()", "no-cache", "start()"],
    );
    assert.equal(asset.headers["content-type"], "text/javascript; charset=utf-8");
  });

  const missing = [
    "/assets/index-9z9z.js",
    "/assets/",
    "/assets",
    "/nothing",
    "/favicon.ico",
    "/..%2fdist-other/secret.txt",
    "/%",
  ];
  for (const path of missing) {
    it(`answers ${path} with 404, which no cache keeps`, async () => {
      const { status, headers } = await get(path);
      assert.deepEqual([status, headers["cache-control"]], [404, "no-cache"]);
    });
  }

  it("passes the API's paths on", async () => {
    assert.deepEqual([(await get("/v1/jobs")).body, (await get("/v1")).body], ["the API", "the API"]);
  });

  it("tells browsers what the page may do, and lets it reach the emulators and the API of this machine", async () => {
    const { headers } = await get("/jobs/Wd3fHk29sLqP0aXz7TbN");
    assert.deepEqual(String(headers["content-security-policy"]).split("; "), [
      "default-src 'self'",
      "script-src 'self' https://apis.google.com",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob: https://*.googleusercontent.com",
      "media-src 'self' blob:",
      "connect-src http://127.0.0.1:5001 http://127.0.0.1:9099 http://127.0.0.1:8080 http://127.0.0.1:9199 'self' https://*.googleapis.com",
      "frame-src 'self' https://*.firebaseapp.com",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]);
    assert.deepEqual(
      [
        headers["x-content-type-options"],
        headers["referrer-policy"],
        headers["cross-origin-opener-policy"],
        headers["content-type"],
      ],
      ["nosniff", "strict-origin-when-cross-origin", "same-origin-allow-popups", "text/html; charset=utf-8"],
    );
  });
});
