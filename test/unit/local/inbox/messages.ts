import type { InboxMessage } from "../../../../local/inbox/messages.ts";

/** A message of the inbox, number 1 unless told otherwise. */
export function aMessage(fields: Partial<InboxMessage> = {}): InboxMessage {
  return {
    number: 1,
    receivedAt: "2026-03-01T10:00:00.000Z",
    path: "/hook",
    headers: { "webhook-id": "msg_1" },
    body: "{}",
    signature: { outcome: "missing" },
    answered: 200,
    delayMs: 0,
    ...fields,
  };
}
