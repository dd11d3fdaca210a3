import { createHash } from "node:crypto";
import type { JsonValue, SubmitJobRequest } from "@baton/protocol";

/**
 * The id of the job that an idempotency key stands for: 20 letters or digits, 119 of the hash's 256 bits. Keys of
 * different owners never meet.
 */
export function jobIdOf(owner: string, idempotencyKey: string): string {
  let rest = BigInt(`0x${hashOf(["job", owner, idempotencyKey])}`);
  let id = "";
  while (id.length < 20) {
    id += LETTERS.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return id;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The id of the lane of one owner's ordering key. */
export function laneIdOf(owner: string, orderingKey: string): string {
  return hashOf(["lane", owner, orderingKey]);
}

/**
 * The key in `RateLimiter` of a kind of request of one owner. It does not reveal the owner, so an erasure leaves it,
 * and resets no limit. No endpoint's id looks like it.
 */
export function rateLimitKeyOf(kind: "sends" | "changes" | "erasures", owner: string): string {
  return `${kind} ${hashOf(["pace", owner])}`;
}

/**
 * The key of the cache entry for equal inputs. `owner` is absent when equal jobs of all owners share it; `key` is the
 * part of the input that makes inputs equal.
 */
export function cacheKeyOf(scope: { owner?: string; type: string; version: string; key: JsonValue }): string {
  const { owner, type, version, key } = scope;
  return hashOf(["cache", owner ?? null, type, version, key]);
}

/**
 * Hashes each part of a request, by the part's name. The input counts as it was sent, not as its type reads it: a
 * repeated request gets its job although the type has a new default since. The order of an object's names does not
 * count. The `webhookUrl` has none: it may carry credentials, and a reader of a hash can try guesses.
 */
export function requestHashes({ webhookUrl: _, ...parts }: SubmitJobRequest): Record<string, string> {
  const hashes = Object.entries(parts).flatMap(([name, part]) =>
    part === undefined ? [] : [[name, hashOf(part).slice(0, 32)] as const],
  );
  return Object.fromEntries(hashes);
}

/** SHA-256 of the canonical JSON of a value, in hexadecimal. */
function hashOf(value: JsonValue): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** Walks by recursion: what reaches it nests at most as deep as a body may. */
function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`).join()}}`;
}
