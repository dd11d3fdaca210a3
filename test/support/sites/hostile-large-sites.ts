import type { ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { answered, type HostileSite, HTML, page, site } from "./hostile-site.ts";

/** A gibibyte of zeros is a megabyte of gzip: 1,024 members of one mebibyte each. */
const bomb = () => Buffer.concat(Array<Uint8Array>(1024).fill(gzipSync(Buffer.alloc(2 ** 20))));

function endless(response: ServerResponse, chunk: string): void {
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

/** Sites that never end, or are larger than any page. */
export const LARGE_SITES: readonly HostileSite[] = [
  {
    name: "gigabyte",
    company: "Gigabyte",
    answer: site((_request, response) => {
      response.writeHead(200, { ...HTML, "content-length": String(2 ** 30) });
      response.write(page("Gigabyte"));
      endless(response, "<p>x</p>".repeat(8192));
    }),
  },
  {
    name: "gzip-bomb",
    isEmpty: true,
    answer: site(
      (_request, response) => void response.writeHead(200, { ...HTML, "content-encoding": "gzip" }).end(bomb()),
    ),
  },
  {
    name: "double-gzip",
    isEmpty: true,
    answer: site(
      (_request, response) =>
        void response.writeHead(200, { ...HTML, "content-encoding": "gzip, gzip" }).end(gzipSync(bomb())),
    ),
  },
  {
    name: "brotli-bomb",
    isEmpty: true,
    answer: site(answered(brotliCompressSync(Buffer.alloc(2 ** 25)), 200, { "content-encoding": "br" })),
  },
  {
    name: "many-encodings",
    code: "broken-answer",
    answer: site(answered("x", 200, { "content-encoding": "gzip, gzip, gzip, gzip" })),
  },
  {
    name: "one-line",
    company: "One Line",
    answer: site(answered(`${page("One Line")}<p>${"word ".repeat(2 ** 21)}</p>`)),
  },
  {
    name: "million-links",
    company: "Million",
    answer: site(
      answered(`${page("Million")}${Array.from({ length: 1_000_000 }, (_, n) => `<a href=/${n}>a`).join("")}`),
    ),
  },
  { name: "deep", company: "Deep", answer: site(answered(`${page("Deep")}${"<div>".repeat(100_000)}`)) },
  {
    name: "calendar",
    company: "Calendar",
    answer: site((request, response) => {
      const day = Number(/\d+/.exec(request.url ?? "")?.[0] ?? 0);
      const links = `<a href="/about/${day + 1}">About</a><a href="/news/${day + 1}">News</a><a href="/contact/${day + 1}">Contact</a>`;
      answered(page("Calendar", links))(request, response);
    }),
  },
  {
    name: "big-headers",
    code: "broken-answer",
    answer: site(answered(page("H"), 200, { "x-filler": "x".repeat(100_000) })),
  },
];
