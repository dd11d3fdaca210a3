import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** A site that harms a careless reader. */
export interface HostileSite {
  /** Its host is `<name>.localhost`. */
  name: string;
  /** The code that its scrape fails with; absent where there is a profile nevertheless. */
  code?: string;
  /** The name of the company in the profile. */
  company?: string;
  /** True where the profile has no name. */
  isEmpty?: true;
  answer(request: IncomingMessage, response: ServerResponse): void;
}

const HTML = { "content-type": "text/html; charset=utf-8" };
const page = (title: string, body = "") =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body>${body}`;

const answered =
  (body: string | Uint8Array, status = 200, headers: Record<string, string> = {}): HostileSite["answer"] =>
  (_request, response) =>
    void response.writeHead(status, { ...HTML, ...headers }).end(body);

/** Answers robots.txt with 404, so that the rest of the site is asked for. */
const site =
  (answer: HostileSite["answer"]): HostileSite["answer"] =>
  (request, response) =>
    request.url === "/robots.txt" ? void response.writeHead(404).end() : answer(request, response);

const redirectTo = (location: string) => site(answered("", 302, { location }));

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
const LARGE: readonly HostileSite[] = [
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

/** Sites that redirect to where no reader should go. */
const REDIRECTS: readonly HostileSite[] = [
  { name: "loop", code: "too-many-redirects", answer: redirectTo("/") },
  {
    name: "long-loop",
    code: "too-many-redirects",
    answer: site((request, response) =>
      answered("", 301, { location: `/${Number(request.url?.slice(1) ?? 0) + 1}` })(request, response),
    ),
  },
  { name: "to-private", code: "redirect-refused", answer: redirectTo("http://10.0.0.1/") },
  { name: "to-metadata", code: "redirect-refused", answer: redirectTo("http://169.254.169.254/computeMetadata/v1/") },
  { name: "to-octal", code: "redirect-refused", answer: redirectTo("http://0xA9FEA9FE/") },
  { name: "to-private-name", code: "redirect-refused", answer: redirectTo("http://intranet.example/") },
  { name: "to-file", code: "redirect-refused", answer: redirectTo("file:///etc/passwd") },
  { name: "to-javascript", code: "redirect-refused", answer: redirectTo("javascript:alert(1)") },
  { name: "to-redis", code: "redirect-refused", answer: redirectTo("http://to-redis.localhost:6379/") },
];

/** Sites that are slow, broken, or say no. */
const BROKEN: readonly HostileSite[] = [
  { name: "silent", code: "site-timeout", answer: () => undefined },
  {
    name: "slow-bytes",
    code: "site-timeout",
    answer: site((_request, response) => {
      response.writeHead(200, HTML);
      const timer = setInterval(() => response.write("<"), 50);
      response.on("close", () => clearInterval(timer));
    }),
  },
  {
    name: "short-body",
    company: "Short",
    answer: site((_request, response) => {
      response.writeHead(200, { ...HTML, "content-length": "9000" });
      response.write(page("Short"), () => response.socket?.destroySoon());
    }),
  },
  {
    name: "long-body",
    company: "Long",
    answer: site((_request, response) => {
      const body = page("Long");
      response.socket?.end(
        `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${body.length}\r\n\r\n${body}${"x".repeat(5000)}`,
      );
    }),
  },
  {
    name: "not-http",
    code: "broken-answer",
    answer: site((_request, response) => void response.socket?.end("SSH-2.0-OpenSSH_9.6\r\n")),
  },
  {
    name: "reset",
    code: "site-unreachable",
    answer: site((_request, response) => void response.socket?.resetAndDestroy()),
  },
  { name: "bad-gzip", code: "broken-answer", answer: site(answered("no gzip", 200, { "content-encoding": "gzip" })) },
  {
    name: "invalid-utf8",
    company: "In\ufffdvalid Żółw Łódź Gęś",
    answer: site(
      answered(
        Buffer.concat([
          Buffer.from(page("In")).subarray(0, -21),
          Buffer.from([0xff]),
          Buffer.from("valid Żółw Łódź Gęś</title></head><body>"),
        ]),
      ),
    ),
  },
  {
    name: "picture",
    code: "not-a-page",
    answer: site(answered(Buffer.alloc(100), 200, { "content-type": "image/png" })),
  },
  { name: "no-content", code: "page-not-found", answer: site(answered("", 204)) },
  {
    name: "robots-all",
    code: "robots-disallowed",
    answer: answered("User-agent: *\nDisallow: /", 200, { "content-type": "text/plain" }),
  },
  {
    name: "robots-named",
    code: "robots-disallowed",
    answer: answered("User-agent: BatonScrape\nDisallow: /\n\nUser-agent: *\nAllow: /"),
  },
  { name: "robots-500", code: "robots-unavailable", answer: answered("", 500) },
  { name: "forbidden", code: "site-blocked", answer: site(answered("", 403)) },
  { name: "too-many", code: "site-blocked", answer: site(answered("", 429, { "retry-after": "2" })) },
  { name: "challenge", code: "site-blocked", answer: site(answered("", 503, { "cf-mitigated": "challenge" })) },
  { name: "gone", code: "page-not-found", answer: site(answered("", 410)) },
  { name: "error", code: "site-error", answer: site(answered("", 502)) },
  {
    name: "script-links",
    company: "Scripts",
    answer: site(
      answered(
        page(
          "Scripts",
          `<a href="javascript:contact()">Contact</a><a href="data:text/html,x">About</a><a href="http://[">Team</a>`,
        ),
      ),
    ),
  },
  {
    name: "robots-html",
    company: "Fallback",
    answer: answered(page("Fallback")),
  },
];

/** All hostile sites, but those that need TLS or a name server. */
export const HOSTILE_SITES: readonly HostileSite[] = [...LARGE, ...REDIRECTS, ...BROKEN];
