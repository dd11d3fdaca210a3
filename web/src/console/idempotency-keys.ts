/** The keys of one form's submissions. */
export interface IdempotencyKeys {
  /** Gives equal requests the same key until `forget` is called. */
  of(request: unknown): string;
  /** Has the next request take a new key, equal or not: call it once a request has succeeded. */
  forget(): void;
}

/**
 * Creates the keys of a form. An answer may be lost after the job was stored: the next press sends the same key, finds that job, and does
 * not submit another. A request that differs takes a new key, since a key stands for one request.
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
