import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listen, requestUrl } from "../http.ts";

const FOLDER = join(import.meta.dirname, "site");
const PAGES = new Set([
  ...["about", "careers", "contact", "index", "pricing", "team"],
  ...["jobs/embedded-engineer", "jobs/frame-welder"],
]);

/** A small site on a free port of this machine, for a scrape to read. */
export async function serveSite(): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const { port, close } = await listen(
    async (req, res) => {
      const name = requestUrl(req)?.pathname.slice(1) || "index";
      const file = name === "feed.xml" ? name : `${name}.html`;
      if (name !== "feed.xml" && !PAGES.has(name)) return void res.writeHead(404).end();
      const type = name === "feed.xml" ? "application/rss+xml" : "text/html";
      res.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(await readFile(join(FOLDER, file)));
    },
    0,
    { name: "sample site" },
  );
  return { url: `http://kestrel-bikes.localhost:${port}/`, port, close };
}
