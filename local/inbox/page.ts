import { answerText, type Behaviour } from "./behaviour.ts";
import { type Html, html } from "./html.ts";
import { groupMessages, type InboxMessage, type MessageGroup } from "./messages.ts";
import { STYLE } from "./style.ts";
import { switchesHtml } from "./switches.ts";
import type { Verification } from "./verify.ts";

/** Paths offered for choice, at most. */
const MAX_PATHS = 50;

/**
 * The inbox as a page: how paths answer, then the webhooks, newest first, each with its attempts. Everything that
 * arrived is escaped: it may come from anywhere.
 */
export function inboxPage(
  messages: readonly InboxMessage[],
  told: readonly { path: string; behaviour: Behaviour }[],
  inboxUrl: string,
): string {
  const groups = groupMessages(messages);
  const paths = [...new Set(messages.map(({ path }) => path).reverse())].slice(0, MAX_PATHS);
  const address = html`<code>${inboxUrl}/any/path</code>`;
  const empty = html`<div class="empty">Nothing has arrived yet.<br>Submit a job with <code>webhookUrl</code> ${address}</div>`;
  const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Webhook inbox</title><style>${{ html: STYLE }}</style></head><body>
<header><div><h1>Webhook inbox</h1><p>What arrives at ${address}, newest first.</p></div><a class="button" href="/">Reload</a></header>
${switchesHtml(paths, told)}
<section aria-label="Webhooks"><h2>Webhooks</h2>${groups.length > 0 ? groups.map(groupHtml) : empty}</section></body></html>`;
  return page.html;
}

const VERDICTS = { verified: "signature verified", failed: "signature does not fit", missing: "not signed" };

function groupHtml({ webhookId, attempts }: MessageGroup): Html {
  const newest = attempts.at(-1) ?? attempts[0];
  const count = attempts.length === 1 ? "1 attempt" : `${attempts.length} attempts`;
  const subject = newest.jobId ?? newest.endpointId;
  return html`<details><summary>${badge(worstOf(attempts))}<b>${newest.type ?? "request"}</b>
<span>${newest.path}</span><span>${count}</span><span class="end">${clock(newest)} &rarr; ${answerOf(newest)}</span></summary>
<dl><dt>webhook-id</dt><dd>${webhookId ?? "none"}</dd>${subject === undefined ? html`` : html`<dt>about</dt><dd>${subject}</dd>`}</dl>
${attempts.toReversed().map((message, index) => attemptHtml(message, attempts.length - index))}</details>`;
}

function attemptHtml(message: InboxMessage, number: number): Html {
  const headers = Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`);
  return html`<details class="attempt"><summary><b>Attempt ${number}</b>${badge(message.signature)}
<span>${reasonOf(message.signature)}</span><span class="end">${clock(message)} &rarr; ${answerOf(message)}</span></summary>
<h3>Headers</h3><pre>${headers.join("\n")}</pre><h3>Body</h3><pre>${indented(message.body)}</pre></details>`;
}

/** The first attempt that did not verify stands for all. */
function worstOf(attempts: MessageGroup["attempts"]): Verification {
  return (attempts.find(({ signature }) => signature.outcome !== "verified") ?? attempts[0]).signature;
}

function badge({ outcome }: Verification): Html {
  return html`<span class="badge ${outcome}">${VERDICTS[outcome]}</span>`;
}

function reasonOf(signature: Verification): string {
  if (signature.outcome === "verified") return `with ${signature.signedWith}`;
  return signature.outcome === "failed" ? signature.problem : "no header webhook-signature";
}

function answerOf({ answered, retryAfter, delayMs }: InboxMessage): string {
  return answerText({ status: answered, delayMs, ...(retryAfter !== undefined && { retryAfter }) });
}

function clock({ receivedAt }: InboxMessage): Html {
  return html`<time datetime="${receivedAt}">${receivedAt.slice(11, 19)}</time>`;
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Not JSON: shown as it came.
    return body;
  }
}
