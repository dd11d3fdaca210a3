import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, before } from "mocha";
import type { Browser, Page } from "playwright-core";
import { customToken } from "../../local/users.ts";
import { startBrowser } from "../support/browser.ts";
import { testCloud } from "../support/cloud.ts";

/** The outcome of a page's request: the status it could read, or that it could read nothing. */
type Outcome = number | "nothing";

interface PageRequest {
  url: string;
  method: string;
  headers?: Record<string, string>;
  body?: string;
}

describe("a page of another site, in a browser on the machine of a local cloud", () => {
  let browser: Browser;
  let site: Server;
  let page: Page;

  before(async () => {
    site = createServer((_, res) => res.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>A page"));
    site.listen(0, "127.0.0.1");
    await once(site, "listening");
    browser = await startBrowser(["--host-resolver-rules=MAP evil.example 127.0.0.1"]);
    page = await browser.newPage();
  });
  after(async () => {
    await browser?.close();
    site?.close();
  });

  function pageAt(host: string): string {
    const address = site.address();
    return `http://${host}:${address !== null && typeof address === "object" ? address.port : 0}/`;
  }

  const ask = (request: PageRequest): Promise<Outcome> =>
    page.evaluate(async ({ url, ...init }) => {
      try {
        return (await fetch(url, init)).status;
      } catch {
        return "nothing" as const;
      }
    }, request);

  function requests(): Record<string, PageRequest> {
    const { authHost, apiUrl, firestoreHost, pubsubHost, inboxUrl, consoleUrl, projectId } = testCloud();
    const json = { "content-type": "application/json" };
    // The emulator's tokens carry no signature: any page can write one.
    const [, payload = ""] = customToken("ada").split(".");
    const token = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
    const signUp = `http://${authHost}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=local`;
    const documents = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents/batonJobs`;
    return {
      "sign up": { url: signUp, method: "POST", headers: json, body: "{}" },
      "sign up by a simple request": { url: signUp, method: "POST", body: "{}" },
      "create an endpoint": {
        url: `${apiUrl}/v1/endpoints`,
        method: "POST",
        headers: { ...json, authorization: `Bearer ${token}` },
        body: JSON.stringify({ url: "http://127.0.0.1:9/" }),
      },
      "read jobs by the API": {
        url: `${apiUrl}/v1/jobs`,
        method: "GET",
        headers: { authorization: `Bearer ${token}` },
      },
      "read jobs by the console": {
        url: `${consoleUrl}/v1/jobs`,
        method: "GET",
        headers: { authorization: `Bearer ${token}` },
      },
      "read the API's description": { url: `${apiUrl}/openapi.json`, method: "GET" },
      "read jobs in Firestore": { url: documents, method: "GET", headers: { authorization: "Bearer owner" } },
      "publish a message": {
        url: `http://${pubsubHost}/v1/projects/${projectId}/topics/baton-jobs-default:publish`,
        method: "POST",
        headers: json,
        body: JSON.stringify({ messages: [{ attributes: { jobId: "x" } }] }),
      },
      "read the inbox": { url: `${inboxUrl}/_inbox/messages`, method: "GET" },
    };
  }

  it("can do and read nothing at any door", async () => {
    await page.goto(pageAt("evil.example"));
    const outcomes = await Promise.all(
      Object.entries(requests()).map(async ([name, request]) => [name, await ask(request)]),
    );
    assert.deepEqual(Object.fromEntries(outcomes), {
      "sign up": "nothing",
      "sign up by a simple request": "nothing",
      "create an endpoint": "nothing",
      "read jobs by the API": "nothing",
      "read jobs by the console": "nothing",
      "read the API's description": "nothing",
      "read jobs in Firestore": "nothing",
      "publish a message": "nothing",
      "read the inbox": "nothing",
    });
  });

  it("can do nothing either when its own name leads to a door (DNS rebinding)", async () => {
    const { authHost, apiUrl, firestoreHost, pubsubHost, inboxUrl, consoleUrl, storageUrl } = testCloud();
    for (const address of [apiUrl, consoleUrl, inboxUrl, authHost, firestoreHost, pubsubHost, storageUrl]) {
      const response = await page.goto(`http://evil.example:${address.split(":").at(-1)}/`);
      assert.equal(response?.status(), 403, address);
      assert.equal(
        await ask({ url: "/v1/jobs", method: "GET", headers: { authorization: "Bearer owner" } }),
        403,
        address,
      );
    }
  });

  it("is let in when it is a page of this machine, such as a web app's development server", async () => {
    await page.goto(pageAt("localhost"));
    const asked = requests();
    const names = ["sign up", "read the API's description"] as const;
    const outcomes = await Promise.all(names.map((name) => ask(asked[name] ?? { url: "", method: "" })));
    assert.deepEqual(outcomes, [200, 200]);
  });
});
