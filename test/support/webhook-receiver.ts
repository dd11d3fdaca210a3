import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** What this receiver answered. */
  status: number;
}

export interface WebhookReceiver {
  /** Without a trailing slash. */
  url: string;
  received: ReceivedWebhook[];
  /** Answers the next requests of `path` with these statuses, in order, and 204 after them. */
  answer(path: string, ...statuses: number[]): void;
  stop(): Promise<void>;
}

/** A subscriber's server on loopback that keeps every request. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const answers = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const status = answers.get(path)?.shift() ?? 204;
      received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString(), status });
      response.writeHead(status, { location: "/redirected" }).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    answer: (path, ...statuses) => void answers.set(path, statuses),
    stop: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

/** The `v1` signature that a webhook should carry, computed without the library that signed it. */
export function expectedSignature(secret: string, { headers, body }: ReceivedWebhook): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}
