/** An LRU cache by the time of writing. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  /** Remembers the value, makes its key the newest, and forgets the oldest key when there are too many. */
  set(key: string, value: Value): void;
  delete(key: string): void;
}

/** Remembers the values of the `max` keys that were set last. Reading a key does not make it newer. */
export function recent<Value>(max: number): Recent<Value> {
  // A map lists its keys in the order they were added in.
  const values = new Map<string, Value>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > max && oldest !== undefined) values.delete(oldest);
    },
    delete: (key) => void values.delete(key),
  };
}
