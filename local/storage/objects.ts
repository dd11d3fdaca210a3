import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32c } from "./crc32c.ts";

/** An object of a bucket; every bucket exists. */
export interface StoredObject {
  bucket: string;
  name: string;
  contentType: string;
  bytes: number;
  generation: number;
  /** Base64, as in the JSON API. */
  md5Hash: string;
  crc32c: string;
  createdAt: Date;
  /** The file that holds its bytes. */
  path: string;
}

/** The properties of a new object. */
export interface NewObject {
  bucket: string;
  name: string;
  contentType: string;
  /** Refuse it when there is an object of this name: `ifGenerationMatch=0`. */
  mustBeNew: boolean;
}

/** The objects of all buckets, whose bytes are files of a folder. */
export interface Objects {
  /**
   * Stores an object once `data` has ended; `exists` when there is one, and there must be none. Nothing is left when
   * `data` breaks off.
   */
  put(object: NewObject, data: AsyncIterable<Uint8Array>): Promise<StoredObject | "exists">;
  find(bucket: string, name: string): StoredObject | undefined;
  /** The bytes from `start` to `end`, both counted. */
  read(object: StoredObject, range?: { start: number; end: number }): NodeJS.ReadableStream;
  /** False when there is no such object. */
  remove(bucket: string, name: string): Promise<boolean>;
}

export function objectsIn(folder: string): Objects {
  const objects = new Map<string, StoredObject>();
  let generation = Date.now() * 1000;
  const keyOf = (bucket: string, name: string) => `${bucket}/${name}`;

  return {
    async put({ mustBeNew, ...object }, data) {
      const key = keyOf(object.bucket, object.name);
      const path = join(folder, randomUUID());
      const facts = await writeMeasured(path, data);
      const before = objects.get(key);
      if (mustBeNew && before) {
        await rm(path);
        return "exists";
      }
      generation += 1;
      const stored = { ...object, ...facts, generation, createdAt: new Date(), path };
      objects.set(key, stored);
      if (before) await rm(before.path);
      return stored;
    },
    find: (bucket, name) => objects.get(keyOf(bucket, name)),
    read: ({ path }, range) => createReadStream(path, range),
    async remove(bucket, name) {
      const object = objects.get(keyOf(bucket, name));
      if (!object) return false;
      objects.delete(keyOf(bucket, name));
      await rm(object.path);
      return true;
    },
  };
}

async function writeMeasured(path: string, data: AsyncIterable<Uint8Array>) {
  const [md5, crc] = [createHash("md5"), crc32c()];
  let bytes = 0;
  const measured = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      md5.update(chunk);
      crc.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(data, measured, createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { bytes, md5Hash: md5.digest("base64"), crc32c: crc.digest() };
}
