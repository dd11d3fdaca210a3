import { createServer } from "node:http";
import { z } from "zod";

/** An answer that the server gives next: a status with a JSON body, or none at all for ever. */
export type GoogleAnswer = { status: number; body: unknown; headers?: Record<string, string> } | "never";

export interface GoogleServer {
  readonly baseUrl: string;
  /** Every request so far, the oldest first. */
  readonly requests: { path: string; key: string | undefined; body: unknown }[];
  /** The answers to the next requests, in order; the last one is repeated. */
  answer(...answers: [GoogleAnswer, ...GoogleAnswer[]]): void;
  stop(): Promise<void>;
}

/** A local HTTP server that stands for an API of Google: it keeps what it is asked, and gives the answers of a test. */
export async function startGoogleServer(): Promise<GoogleServer> {
  let waiting: GoogleAnswer[] = [];
  const requests: GoogleServer["requests"] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const key = z.string().optional().parse(request.headers["x-goog-api-key"]);
    requests.push({ path: request.url ?? "", key, body: JSON.parse(Buffer.concat(chunks).toString()) });
    const next = waiting.length > 1 ? waiting.shift() : waiting[0];
    if (next === undefined || next === "never") return;
    response.writeHead(next.status, { "content-type": "application/json", ...next.headers });
    response.end(JSON.stringify(next.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    requests,
    answer: (...answers) => {
      waiting = [...answers];
      requests.length = 0;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The body of an answer of the Gemini API (https://ai.google.dev/api/generate-content). */
export function generated(text: string, finishReason = "STOP") {
  return {
    candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason, index: 0 }],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20, thoughtsTokenCount: 5, totalTokenCount: 125 },
    modelVersion: "gemini-test",
  };
}

/** The body of a refusal, as all of Google's APIs have it (https://cloud.google.com/apis/design/errors). */
export function refusal(code: number, status: string, details: object[] = []) {
  return { error: { code, status, message: "Something is wrong with key AIza-secret.", details } };
}
