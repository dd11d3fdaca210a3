import type { RequestListener } from "node:http";

export interface InboxOptions {
  firestoreHost: string;
  masterSecret: string;
}

export function inboxHandler(_options: InboxOptions): RequestListener {
  return (_req, res) => res.writeHead(204).end();
}
