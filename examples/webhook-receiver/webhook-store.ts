import { DatabaseSync } from "node:sqlite";

/** A webhook that was verified and is yet to be worked on. */
export interface KeptWebhook {
  id: string;
  body: string;
}

/** The webhooks that arrived. What it was told is on disk when a method returns. */
export interface WebhookStore {
  /** False when a webhook of this id was kept before: nothing is to be done for it again. */
  keep(id: string, body: string): boolean;
  /** The one to work on at `now`, the longest kept first. */
  next(now: Date): KeptWebhook | undefined;
  /** The work is done; the id stays known. */
  done(id: string): void;
  /** The work failed at `now`: it is tried again after a while, five times at most. */
  failed(id: string, now: Date): void;
  close(): void;
}

const MAX_TRIES = 5;
const PAUSE_MS = 5000;

/** Senders try for 75 hours, and people send again what they lost: ids are worth more time than that. */
const KEPT_FOR = "-30 days";

/** Keeps webhooks in a SQLite file. Any database with a unique key will do: the key is the webhook's id. */
export function openWebhookStore(file: string): WebhookStore {
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE IF NOT EXISTS webhooks (
    id TEXT PRIMARY KEY, body TEXT, arrived_at TEXT DEFAULT CURRENT_TIMESTAMP,
    tries INTEGER DEFAULT 0, not_before INTEGER DEFAULT 0
  )`);
  db.exec(`DELETE FROM webhooks WHERE body IS NULL AND arrived_at < datetime('now', '${KEPT_FOR}')`);
  const keep = db.prepare("INSERT OR IGNORE INTO webhooks (id, body) VALUES (?, ?)");
  const next = db.prepare(
    "SELECT id, body FROM webhooks WHERE body IS NOT NULL AND tries < ? AND not_before <= ? ORDER BY rowid LIMIT 1",
  );
  const done = db.prepare("UPDATE webhooks SET body = NULL WHERE id = ?");
  const failed = db.prepare("UPDATE webhooks SET tries = tries + 1, not_before = ? WHERE id = ?");
  return {
    keep: (id, body) => keep.run(id, body).changes === 1,
    next(now) {
      const row = next.get(MAX_TRIES, now.getTime());
      return row && { id: String(row.id), body: String(row.body) };
    },
    done: (id) => void done.run(id),
    failed: (id, now) => void failed.run(now.getTime() + PAUSE_MS, id),
    close: () => db.close(),
  };
}
