import type { ObjectStore } from "../files/ports.ts";

/** Objects in memory, with a look at them: their type and bytes, by name. */
export type MemoryObjectStore = ObjectStore & { objects: Map<string, { contentType: string; bytes: Uint8Array }> };

/** The object store in memory; held to the same contract as that of Cloud Storage. Its addresses lead nowhere. */
export function memoryObjectStore(): MemoryObjectStore {
  const objects: MemoryObjectStore["objects"] = new Map();
  const addressOf = (object: string) => `https://storage.test/${encodeURI(object)}`;
  return {
    objects,
    async upload(object, data, { contentType, signal }) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of data) {
        signal.throwIfAborted();
        chunks.push(chunk);
      }
      signal.throwIfAborted();
      if (objects.has(object)) throw new Error(`there is an object ${object}`);
      objects.set(object, { contentType, bytes: Buffer.concat(chunks) });
    },
    async open(object) {
      const found = objects.get(object);
      return found && streamOf(found.bytes);
    },
    sizeOf: async (object) => objects.get(object)?.bytes.byteLength,
    delete: async (object) => void objects.delete(object),
    downloadUrl: async (object) => addressOf(object),
    async uploadUrl(object, { contentType }) {
      return { url: addressOf(object), headers: { "content-type": contentType } };
    },
  };
}

async function* streamOf(bytes: Uint8Array) {
  yield bytes.slice();
}
