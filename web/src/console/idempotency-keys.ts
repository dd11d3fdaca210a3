/** Idempotency keys of one form. */
export interface IdempotencyKeys {
  /** Gives the key of a request: equal requests in a row have the same key until `forget` is called. */
  of(request: unknown): string;
  /** Gives the next request a new key. Call it after a request succeeded. */
  forget(): void;
}

/**
 * Creates the keys of a form. An answer may be lost after the job was stored: the next press sends the same key and
 * gets the stored job. A different request has a new key, because a key stands for one request.
 */
export function idempotencyKeys(): IdempotencyKeys {
  let last: { request: string; key: string } | undefined;
  return {
    of: (content) => {
      const request = JSON.stringify(content);
      if (last?.request !== request) last = { request, key: crypto.randomUUID() };
      return last.key;
    },
    forget: () => {
      last = undefined;
    },
  };
}
