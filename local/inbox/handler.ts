import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { z } from "zod";
import { ownerSecret } from "../../functions/src/webhooks/owner-secret.ts";
import { readBody } from "../http.ts";
import { endpointSecrets } from "./endpoint-secrets.ts";
import { createInboxStore, type InboxStore } from "./messages.ts";
import { inboxPage } from "./page.ts";
import { type Verification, verifySignature } from "./verify.ts";

export interface InboxOptions {
  projectId: string;
  firestoreHost: string;
  /** Derives the secret of each owner. */
  masterSecret: string;
}

const MAX_BODY_CHARACTERS = 100_000;

const Event = z.object({ type: z.string(), data: z.object({ jobId: z.string(), owner: z.string() }) });

const BehaviourRequest = z.object({
  path: z.string().startsWith("/"),
  status: z.int().min(200).max(599),
  times: z.int().min(1).default(1),
});

/**
 * A receiver of webhooks: `POST` anything to any path. `GET /` shows what arrived, `GET /_inbox/messages?jobId=` gives it as JSON
 * `{messages: InboxMessage[]}`, and `POST /_inbox/behaviour {path, status, times}` makes the next requests to a path fail.
 */
export function inboxHandler(options: InboxOptions): RequestListener {
  const store = createInboxStore();
  return (req, res) => {
    answer(options, store, req, res).catch((error: unknown) => sendJson(res, 500, { error: String(error) }));
  };
}

async function answer(
  options: InboxOptions,
  store: InboxStore,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = new URL(req.url ?? "/", `http://${req.headers.host ?? "inbox"}`);
  if (req.method === "GET" && url.pathname === "/") {
    res.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    });
    res.end(inboxPage(store.list(), url.origin));
  } else if (req.method === "GET" && url.pathname === "/_inbox/messages") {
    sendJson(res, 200, { messages: store.list(url.searchParams.get("jobId") ?? undefined) });
  } else if (req.method === "POST" && url.pathname === "/_inbox/behaviour") {
    const asked = BehaviourRequest.safeParse(parseJson(await readBody(req)));
    if (!asked.success) return sendJson(res, 400, { error: z.prettifyError(asked.error) });
    store.behave(asked.data.path, { status: asked.data.status, remaining: asked.data.times });
    sendJson(res, 200, {});
  } else if (req.method === "POST") {
    sendJson(res, await receive(options, store, req, url.pathname), {});
  } else {
    sendJson(res, 405, { error: "POST webhooks here; GET / shows them." });
  }
}

async function receive(options: InboxOptions, store: InboxStore, req: IncomingMessage, path: string): Promise<number> {
  const receivedAt = new Date().toISOString();
  const body = await readBody(req);
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
  const event = Event.safeParse(parseJson(body));
  const facts = event.success
    ? { type: event.data.type, jobId: event.data.data.jobId, owner: event.data.data.owner }
    : {};
  const signature = await verify(options, headers, body, facts.owner);
  const answered = store.nextStatus(path);
  store.add({ receivedAt, path, headers, body: body.slice(0, MAX_BODY_CHARACTERS), ...facts, signature, answered });
  return answered;
}

async function verify(
  options: InboxOptions,
  headers: Record<string, string>,
  body: string,
  owner?: string,
): Promise<Verification> {
  if (owner === undefined) return verifySignature(headers, body, []);
  const byOwner = verifySignature(headers, body, [
    { name: "the owner's secret", secret: ownerSecret(options.masterSecret, owner) },
  ]);
  if (byOwner.outcome !== "failed") return byOwner;
  return verifySignature(headers, body, await endpointSecrets(options.firestoreHost, options.projectId, owner));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever asks checks the shape anyway.
    return undefined;
  }
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
