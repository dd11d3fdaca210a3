import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { verify } from "./verify.ts";
import { verifyAsymmetric } from "./verify-asymmetric.ts";
import { openWebhookStore } from "./webhook-store.ts";
import { work } from "./work.ts";

// WEBHOOK_KEY=whsec_... node examples/webhook-receiver/main.ts
// WEBHOOK_KEY is the endpoint's secret, or its public key (whpk_...). PORT (3000) and WEBHOOK_FILE
// (webhooks.sqlite beside this file) may be given.

const { WEBHOOK_KEY = "", PORT = "3000", WEBHOOK_FILE = join(import.meta.dirname, "webhooks.sqlite") } = process.env;
if (!/^wh(sec|pk)_/.test(WEBHOOK_KEY))
  throw new Error("WEBHOOK_KEY has to be a secret, whsec_..., or a public key, whpk_...");

/** Webhooks are smaller than 20 KB. A larger request is not from Baton. */
const MAX_BODY_BYTES = 100_000;

const store = openWebhookStore(WEBHOOK_FILE);
let isWorking = false;

const server = createServer((request, response) => {
  receive(request, response).catch((error: unknown) => {
    // Not kept, so not to be acknowledged: the sender comes again.
    console.error("A webhook could not be taken:", error);
    if (!response.headersSent) response.writeHead(500).end();
  });
});

/** Verifies, keeps, answers; the work comes after the answer, for which the sender waits 15 seconds at most. */
async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") return void response.writeHead(405).end();
  const body = await readBody(request);
  if (body === undefined) return void response.writeHead(413, { connection: "close" }).end();
  const id = String(request.headers["webhook-id"]);
  try {
    if (WEBHOOK_KEY.startsWith("whpk_")) verifyAsymmetric(WEBHOOK_KEY, request.headers, body);
    else verify(WEBHOOK_KEY, request.headers, body);
  } catch (error) {
    console.error(`${id} is not believed: ${error instanceof Error ? error.message : error}`);
    return void response.writeHead(400).end();
  }
  // A duplicate is acknowledged like the first one, or the sender would go on sending it.
  if (!store.keep(id, body)) console.log(`${id} came again`);
  response.writeHead(204).end();
  void workOff();
}

/** Works on everything that was kept, one at a time, also events from before the program stopped. */
async function workOff(): Promise<void> {
  if (isWorking) return;
  isWorking = true;
  for (let kept = store.next(new Date()); kept; kept = store.next(new Date())) {
    try {
      await work(JSON.parse(kept.body));
      store.done(kept.id);
    } catch (error) {
      console.error(`${kept.id} is tried again later:`, error);
      store.failed(kept.id, new Date());
    }
  }
  isWorking = false;
}

/** The body byte for byte as it came, which is what was signed; undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

server.listen(Number(PORT), () => {
  const address = server.address();
  console.log(`Waiting for webhooks on port ${typeof address === "object" ? address?.port : PORT}`);
  setInterval(() => void workOff(), 5000);
  void workOff();
});
