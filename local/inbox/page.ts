import type { InboxMessage } from "./messages.ts";

/** Text made safe to put between tags and inside quoted attributes. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#e5e7eb, #2a2f3a); --soft: light-dark(#6b7280, #9aa3b2); --card: light-dark(#fff, #161a22); }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 860px; padding: 40px 20px; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#f7f8fa, #0e1116); }
h1 { font-size: 22px; margin: 0 } p { color: var(--soft); margin: 4px 0 28px }
details { background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin-bottom: 10px }
summary { display: flex; gap: 12px; align-items: center; padding: 12px 16px; cursor: pointer; flex-wrap: wrap }
summary b { font-weight: 600 } summary span { color: var(--soft); font-size: 13px } summary .end { margin-left: auto }
.badge { border-radius: 99px; padding: 1px 10px; font-size: 12px; font-weight: 600; color: #fff }
.verified { background: #15803d } .failed { background: #b91c1c } .missing { background: #6b7280 }
pre { margin: 0; padding: 12px 16px; border-top: 1px solid var(--line); font-size: 12.5px; overflow: auto; max-height: 380px; white-space: pre-wrap; overflow-wrap: anywhere }
.empty { border: 1px dashed var(--line); border-radius: 10px; padding: 48px; text-align: center; color: var(--soft) }
code { font-size: 13px }`;

/** The inbox as a page, newest first. Everything that arrived is escaped: it may come from anywhere. */
export function inboxPage(messages: InboxMessage[], inboxUrl: string): string {
  const list = messages.toReversed().map(messageHtml).join("\n");
  const address = `<code>${escapeHtml(inboxUrl)}/any/path</code>`;
  const empty = `<div class="empty">Nothing has arrived yet.<br>Submit a job with <code>webhookUrl</code> ${address}</div>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Webhook inbox</title><style>${STYLE}</style></head><body>
<h1>Webhook inbox</h1><p>What arrives at ${address}, newest first. Reload to see more.</p>
${list || empty}</body></html>`;
}

const VERDICTS = { verified: "signature verified", failed: "signature does not fit", missing: "not signed" };

function messageHtml(message: InboxMessage): string {
  const { outcome } = message.signature;
  const detail = "problem" in message.signature ? `\n\nsignature: ${message.signature.problem}` : "";
  const headers = Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`);
  return `<details><summary><span class="badge ${outcome}">${VERDICTS[outcome]}</span><b>${escapeHtml(message.type ?? "request")}</b>
<span>${escapeHtml(message.jobId ?? "")} ${escapeHtml(message.path)}</span>
<span class="end">${escapeHtml(message.receivedAt.slice(11, 19))} &rarr; ${message.answered}</span></summary>
<pre>${escapeHtml(headers.join("\n") + detail)}</pre><pre>${escapeHtml(indented(message.body))}</pre></details>`;
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Not JSON: shown as it came.
    return body;
  }
}
