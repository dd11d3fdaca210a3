import { write } from "firebase-functions/logger";
import type { Log } from "../core/ports.ts";

/**
 * Cloud Logging's structured lines. Goes through `write`, because `logger.error` prints a stack in place of the message.
 * Errors among the fields are written with their stack and causes, in a field of their own.
 */
export const cloudLog: Log = {
  info: (message, fields) => write({ severity: "INFO", message, ...plain(fields) }),
  warn: (message, fields) => write({ severity: "WARNING", message, ...plain(fields) }),
  error: (message, fields) => write({ severity: "ERROR", message, ...plain(fields) }),
};

function plain(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? describe(value) : value]),
  );
}

function describe(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\ncaused by ${describe(error.cause)}` : own;
}
