import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { addressesOf } from "../../../local/addresses.ts";
import { DEFAULT_PORTS } from "../../../local/ports.ts";
import { assertLinksLead, assertSameAsFile, codeBlocks, ROOT } from "./markdown.ts";

describe("docs/web-app.md", () => {
  const document = readFileSync(join(ROOT, "docs/web-app.md"), "utf8");
  const quotes = codeBlocks(document).filter(({ info }) => info.includes(" "));

  it("quotes the files of the app", () => assert.ok(quotes.length >= 10));

  for (const quote of quotes) {
    it(`has the text of ${quote.info.split(" ")[1]}`, () => assertSameAsFile(quote));
  }

  it("links to files and headings that exist", () => assertLinksLead(document));
});

describe("the web app of examples/web-app", () => {
  it("has the addresses of the local cloud in development", () => {
    const { projectId, apiUrl, authHost, firestoreHost } = addressesOf(DEFAULT_PORTS);
    assert.deepEqual(parseEnv(readFileSync(join(ROOT, "examples/web-app/.env.development"), "utf8")), {
      VITE_API_KEY: "local",
      VITE_AUTH_DOMAIN: `${projectId}.firebaseapp.com`,
      VITE_PROJECT_ID: projectId,
      VITE_BATON_URL: apiUrl,
      VITE_AUTH_EMULATOR: `http://${authHost}`,
      VITE_FIRESTORE_EMULATOR: `http://${firestoreHost}`,
    });
  });
});
