import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { storableText } from "@baton/protocol";
import { z } from "zod";
import { type Handler, readBody, requestUrl } from "../http.ts";
import { BehaviourForm, BehaviourRequest, type Behaviours, createBehaviours } from "./behaviour.ts";
import type { EndpointKeys } from "./endpoint-keys.ts";
import { createInboxStore, type InboxMessage, type InboxStore } from "./messages.ts";
import type { OwnerKeys } from "./owner-keys.ts";
import { inboxPage } from "./page.ts";
import { type Verification, verifySignature } from "./verify.ts";

export interface InboxOptions {
  ownerKeys: OwnerKeys;
  endpointKeys: EndpointKeys;
}

interface Inbox extends InboxOptions {
  store: InboxStore;
  behaviours: Behaviours;
}

const MAX_BODY_CHARACTERS = 100_000;

/** Far above a webhook with the largest output. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const TOO_LARGE = "The inbox takes at most 4 MiB.";

/** The page runs no script and loads nothing, so that what arrived could do no harm even if it were not escaped. */
const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
};

const Event = z.object({
  type: z.string(),
  data: z.object({
    jobId: z.string().exactOptional(),
    endpointId: z.string().exactOptional(),
    owner: z.string().exactOptional(),
  }),
});

/**
 * A receiver of webhooks: `POST` anything to any path. `GET /` shows what arrived, `GET /_inbox/messages?jobId=&path=`
 * gives it as JSON `{messages: InboxMessage[]}`, and `POST /_inbox/behaviour`, with a `BehaviourRequest`, says how a
 * path answers.
 */
export function inboxHandler(options: InboxOptions): Handler {
  const inbox = { ...options, store: createInboxStore(), behaviours: createBehaviours() };
  return (req, res) => handle(inbox, req, res);
}

async function handle(inbox: Inbox, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = requestUrl(req);
  if (url === undefined) return sendJson(res, 400, { error: "The path of this request cannot be read." });
  const { searchParams: query, pathname: path } = url;
  const route = `${req.method} ${path}`;
  if (route === "GET /") {
    const origin = `http://${req.headers.host ?? "inbox"}`;
    res.writeHead(200, PAGE_HEADERS).end(inboxPage(inbox.store.list(), inbox.behaviours.list(), origin));
  } else if (route === "GET /_inbox/messages") {
    const filter = { jobId: query.get("jobId") ?? undefined, path: query.get("path") ?? undefined };
    sendJson(res, 200, { messages: inbox.store.list(filter) });
  } else if (route === "POST /_inbox/behaviour") {
    await changeBehaviour(inbox, req, res);
  } else if (req.method === "POST") {
    await receive(inbox, req, res, path);
  } else {
    sendJson(res, 405, { error: "POST webhooks here; GET / shows them." });
  }
}

/**
 * Takes JSON, and the page's form, which is led back to the page. A form of another page, of this machine too, is
 * refused.
 */
async function changeBehaviour(inbox: Inbox, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const site = req.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return sendJson(res, 403, { error: "Not from another site." });
  const body = await readBody(req, MAX_BODY_BYTES);
  if (body === undefined) return sendJson(res, 413, { error: TOO_LARGE });
  const json = parseJson(body);
  // JSON may come under the type of a form: `curl -d` sends every body so.
  const [contentType] = (req.headers["content-type"] ?? "").split(";");
  const isForm = json === undefined && contentType === "application/x-www-form-urlencoded";
  const asked = isForm
    ? BehaviourForm.safeParse(Object.fromEntries(new URLSearchParams(body)))
    : BehaviourRequest.safeParse(json);
  if (!asked.success) return sendJson(res, 400, { error: z.prettifyError(asked.error) });
  const { path, ...behaviour } = asked.data;
  inbox.behaviours.set(path, behaviour);
  if (isForm) res.writeHead(303, { location: "/" }).end();
  else sendJson(res, 200, {});
}

async function receive(inbox: Inbox, req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
  const receivedAt = new Date();
  const body = await readBody(req, MAX_BODY_BYTES);
  if (body === undefined) return sendJson(res, 413, { error: TOO_LARGE });
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
  const facts = factsOf(body);
  const signature = await verify(inbox, headers, body, facts, receivedAt);
  const { status, delayMs, retryAfter } = inbox.behaviours.next(path);
  inbox.store.add({
    receivedAt: receivedAt.toISOString(),
    path,
    headers,
    body: storableText(body, MAX_BODY_CHARACTERS),
    ...facts,
    signature,
    answered: status,
    delayMs,
    ...(retryAfter !== undefined && { retryAfter }),
  });
  if (status === "never") return;
  if (delayMs > 0) await pause(delayMs, undefined, { ref: false });
  if (retryAfter !== undefined) res.setHeader("retry-after", retryAfter);
  sendJson(res, status, {});
}

type Facts = Pick<InboxMessage, "type" | "jobId" | "endpointId" | "owner">;

function factsOf(body: string): Facts {
  const event = Event.safeParse(parseJson(body));
  if (!event.success) return {};
  const { type, data } = event.data;
  return { type, ...data };
}

async function verify(
  inbox: Inbox,
  headers: Record<string, string>,
  body: string,
  facts: Facts,
  now: Date,
): Promise<Verification> {
  if (headers["webhook-signature"] === undefined) return { outcome: "missing" };
  try {
    const owner = facts.owner ?? (facts.endpointId && (await inbox.endpointKeys.ownerOf(facts.endpointId)));
    if (!owner) return { outcome: "failed", problem: "the body names no owner, so that no key is known" };
    const own = await inbox.ownerKeys(owner, now);
    const byOwner = verifySignature(headers, body, own);
    if (byOwner.outcome !== "failed") return byOwner;
    return verifySignature(headers, body, [...own, ...(await inbox.endpointKeys.ofOwner(owner, now))]);
  } catch (error) {
    // A message that could not be checked is shown too, and answered as its path says.
    return { outcome: "failed", problem: `not checked: ${String(error)}` };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller checks the shape anyway.
    return undefined;
  }
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json" }).end(status === 204 ? undefined : JSON.stringify(body));
}
