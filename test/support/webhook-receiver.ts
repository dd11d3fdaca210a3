import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";

/** A status; `never`: the sender is left waiting; `reset`: the connection is broken off. */
export type Answer = number | "never" | "reset";

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Instant at which its last byte was read. */
  arrivedAt: Date;
  /** The answer of this receiver. */
  status: Answer;
}

export interface WebhookReceiver {
  /** Without a trailing slash. */
  url: string;
  received: ReceivedWebhook[];
  /** Answers the next requests of `path` with these, in order, and then as before: with 204 by default. */
  answer(path: string, ...answers: Answer[]): void;
  /** Answers every request of `path` with this. */
  alwaysAnswer(path: string, answer: Answer): void;
  /** Breaks off what is open, and stops. */
  stop(): Promise<void>;
}

/** A subscriber's server on loopback that keeps every request. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const answers = new Map<string, Answer[]>();
  const usual = new Map<string, Answer>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const status = answers.get(path)?.shift() ?? usual.get(path) ?? 204;
      const body = Buffer.concat(chunks).toString();
      received.push({ path, headers: request.headers, body, arrivedAt: new Date(), status });
      if (status === "reset") request.socket.resetAndDestroy();
      else if (status !== "never") response.writeHead(status, { location: "/redirected" }).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    answer: (path, ...next) => void answers.set(path, next),
    alwaysAnswer: (path, answer) => void usual.set(path, answer),
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** The `v1` signature that a webhook should carry, computed without the library that signed it. */
export function expectedSignature(secret: string, { headers, body }: ReceivedWebhook): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}
