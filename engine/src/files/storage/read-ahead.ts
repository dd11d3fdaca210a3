/** The beginning of a stream, and the whole of it when there is more. */
export interface ReadAhead {
  head: Uint8Array[];
  /** The whole stream, its beginning included; absent when `head` is all of it. */
  rest?: AsyncIterable<Uint8Array>;
}

/** Reads a stream until it ends, or has given more than `maxBytes`. */
export async function readAhead(data: AsyncIterable<Uint8Array>, maxBytes: number): Promise<ReadAhead> {
  const iterator = data[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  for (let bytes = 0; bytes <= maxBytes; ) {
    const next = await iterator.next();
    if (next.done) return { head };
    head.push(next.value);
    bytes += next.value.byteLength;
  }
  return { head, rest: joined(head, iterator) };
}

async function* joined(head: readonly Uint8Array[], iterator: AsyncIterator<Uint8Array>) {
  try {
    yield* head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
