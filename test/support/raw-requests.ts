import { connect } from "node:net";
import { type Random, randomStream } from "../../local/chaos/random.ts";

/** Bytes for a port, as a client sends them that means no good or knows no better. */
export interface RawRequest {
  bytes: Buffer;
  /** The client's end: it waits for an answer, shuts its side, or breaks the connection off. */
  end: "wait" | "shut" | "reset";
}

const METHODS = [
  "GET",
  "POST",
  "PUT",
  "DELETE",
  "OPTIONS",
  "HEAD",
  "PATCH",
  "TRACE",
  "CONNECT",
  "PRI",
  "get",
  "G\u00cbT",
  "PROPFIND",
];

const TARGETS = [
  ...[
    "/",
    "//",
    "///",
    "//evil.example",
    "/%",
    "/%00",
    "/%zz",
    "/%e0%a4%a",
    "/..",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/x",
  ],
  ...[
    "/?",
    "/#",
    "/\\",
    "/\\\\evil",
    "/ ",
    "*",
    "",
    "http://",
    "http://evil.example/",
    "http://[::1",
    "https://x:99999/",
    "evil:80",
  ],
  ...[
    "/v1",
    "/v1/",
    "/v1//",
    "/v1/jobs",
    "/v1/jobs/%",
    "/v1/jobs/..%2f..",
    "/v1/jobs?limit=%",
    "/assets/%00",
    "/assets/../index.html",
  ],
  ...[
    "/__/firebase/init.json",
    "/_inbox/messages?jobId=%",
    "/_inbox/behaviour",
    "/\u00e9",
    "/\u0001",
    "/a\tb",
    "file:///etc/passwd",
  ],
  ...[
    "/functions/projects/x/triggers/notify",
    "/emulator/v1/projects/x:y",
    "javascript:alert(1)",
    `/${"a".repeat(9000)}`,
    "/[",
    "/{}",
    "/;",
  ],
];

const HEADERS = [
  ...[
    "Host: ",
    "Host: \u0000",
    "Host: evil.example",
    "Host: a, b",
    "Host: [",
    "Host: 127.0.0.1:99999999",
    "Host: 127.0.0.1@evil",
  ],
  ...[
    "Expect: 100-continue",
    "Expect: \u0001",
    "Expect: 200-ok",
    "Connection: upgrade\r\nUpgrade: websocket",
    "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
  ],
  ...[
    "Connection: close",
    "Connection: keep-alive, te, trailers",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: chunked, chunked",
  ],
  ...[
    "Transfer-Encoding: gzip",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 5, 6",
    "Content-Length: 99999999999999999999",
  ],
  ...[
    "Origin: null",
    "Origin: http://",
    "Origin: http://localhost",
    "Origin: \u00e9",
    "Sec-Fetch-Site: cross-site",
    "Authorization: Bearer",
  ],
  ...[
    "Authorization: Bearer owner",
    "Content-Type: application/json",
    "Content-Encoding: gzip",
    "Accept-Encoding: gzip",
    "No colon here",
  ],
  ...[
    " folded",
    ": empty",
    "X-\u0000: a",
    "Cookie: \u00ff\u00fe",
    `X-Long: ${"b".repeat(20_000)}`,
    "ce-id: 1",
    "webhook-signature: v1,x",
  ],
];

const BODIES = [
  "",
  "5\r\nhello\r\n0\r\n\r\n",
  "zz\r\nhello",
  "ffffffffffffffff\r\n",
  "hello",
  "{",
  '{"a":',
  "\u0000\u0001\u0002",
  "0\r\n\r\n",
  "-1\r\n",
];

/**
 * The same requests for the same seed: well-formed heads with odd parts, halves, pipelines, other protocols, and noise.
 */
export function rawRequests(seed: number, count: number, host: (index: number) => string): RawRequest[] {
  const random = randomStream(seed, "raw requests");
  return Array.from({ length: count }, (_, index) => rawRequest(random, host(index)));
}

function rawRequest(random: Random, host: string): RawRequest {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const head = () => {
    const extra = Array.from({ length: Math.floor(random() * 4) }, () => pick(HEADERS));
    const hosts = random() < 0.85 ? [`Host: ${host}`] : [];
    const version = random() < 0.9 ? "HTTP/1.1" : pick(["HTTP/1.0", "HTTP/2.0", "HTTP/9", "", "ICY/1"]);
    return `${[`${pick(METHODS)} ${pick(TARGETS)} ${version}`, ...hosts, ...extra].join("\r\n")}\r\n\r\n${pick(BODIES)}`;
  };
  const text = (): string => {
    const kind = random();
    if (kind < 0.7) return head();
    if (kind < 0.8) return head().slice(0, Math.floor(random() * 60));
    if (kind < 0.88) return head() + head() + head();
    if (kind < 0.92) return `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${noise(random)}`;
    if (kind < 0.95) return `\u0016\u0003\u0001\u0002\u0000\u0001${noise(random)}`;
    return noise(random);
  };
  return { bytes: Buffer.from(text(), "latin1"), end: pick(["wait", "wait", "shut", "reset"]) };
}

function noise(random: Random): string {
  return Array.from({ length: Math.floor(random() * 200) }, () => String.fromCharCode(Math.floor(random() * 256))).join(
    "",
  );
}

/**
 * Sends it, and resolves when the server has answered or closed, or has left it waiting for `patienceMs`; the
 * connection is gone then.
 */
export function sendRaw(port: number, { bytes, end }: RawRequest, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const over = () => {
      socket.destroy();
      resolve();
    };
    const patience = setTimeout(over, patienceMs);
    socket.once("close", () => clearTimeout(patience));
    socket.on("error", over);
    socket.on("close", over);
    socket.once("data", over);
    socket.write(bytes, () => {
      if (end === "shut") socket.end();
      if (end === "reset") over();
    });
  });
}
