import { LARGE_SITES } from "./hostile-large-sites.ts";
import { answered, type HostileSite, HTML, page, redirectTo, site } from "./hostile-site.ts";

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
export const HOSTILE_SITES: readonly HostileSite[] = [...LARGE_SITES, ...REDIRECTS, ...BROKEN];
