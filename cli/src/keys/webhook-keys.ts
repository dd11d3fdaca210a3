import { randomBytes } from "node:crypto";

/** A secret of webhooks, and how its first value is made. */
interface WebhookKey {
  name: string;
  newValue(now: Date): string;
}

/** 384 random bits, from which the webhook secret of each owner is derived. */
const masterSecret: WebhookKey = {
  name: "WEBHOOK_MASTER_SECRET",
  newValue: () => randomBytes(48).toString("base64"),
};

/** A ring of one key, which seals the secrets of endpoints. Its id says when it was made: `20261127T194500`. */
const encryptionKeys: WebhookKey = {
  name: "WEBHOOK_ENCRYPTION_KEYS",
  newValue: (now) => `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}:${randomBytes(32).toString("base64")}`,
};

/** The secrets without which no webhook is signed. */
export const WEBHOOK_KEYS: readonly WebhookKey[] = [masterSecret, encryptionKeys];

/** The name of a secret, in a function kit with the prefix of its instance. */
export function secretName(key: WebhookKey, kit?: string): string {
  return kit === undefined ? key.name : `kit-${kit}-${key.name}`;
}

/** The key that a secret holds, and the instance of a kit that it belongs to; undefined for secrets of other kinds. */
export function webhookKeyOf(secret: string): { key: WebhookKey; kit?: string } | undefined {
  const [, kit, name] = /^(?:kit-(.+)-)?([A-Z_]+)$/.exec(secret) ?? [];
  const key = WEBHOOK_KEYS.find((each) => each.name === name);
  return key && { key, ...(kit !== undefined && { kit }) };
}
