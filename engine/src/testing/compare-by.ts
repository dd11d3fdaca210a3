/** Compares two values by a key. */
export function by<T>(key: (one: T) => number | string): (one: T, other: T) => number {
  return (one, other) => (key(one) < key(other) ? -1 : Number(key(one) > key(other)));
}
