import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import type { Bucket, File } from "@google-cloud/storage";
import type { ObjectStore } from "../ports.ts";
import { emulatorUrl } from "./emulator-url.ts";
import { readAhead } from "./read-ahead.ts";

/** Where the objects are. */
export interface CloudStorageOptions {
  projectId: string;
  bucket: string;
  /** Address of an emulator, `http://127.0.0.1:9199`. Empty: Cloud Storage. */
  emulator: string;
}

/**
 * Uploads above this are sent in chunks of it, each of which the client sends again when it is lost, and holds in
 * memory. It has to be a multiple of 256 KiB (https://docs.cloud.google.com/storage/docs/performing-resumable-uploads).
 */
const CHUNK_BYTES = 8 * 1024 * 1024;
/** An object that is to be created once: the client may repeat a request whose answer was lost. */
const ONCE = { preconditionOpts: { ifGenerationMatch: 0 } };

/**
 * The object store on Cloud Storage. The client is loaded with the first call, because it takes long to load and most
 * functions never need it.
 */
export function cloudStorage(options: CloudStorageOptions): ObjectStore {
  let opened: Promise<Bucket> | undefined;
  const fileOf = async (object: string) => {
    opened ??= openBucket(options);
    return (await opened).file(object);
  };
  return {
    async upload(object, data, { contentType, signal }) {
      const { head, rest } = await readAhead(data, CHUNK_BYTES);
      signal.throwIfAborted();
      const file = await fileOf(object);
      if (!rest) return uploadOnce(file, Buffer.concat(head), contentType);
      const written = file.createWriteStream({ ...ONCE, contentType, resumable: true, chunkSize: CHUNK_BYTES });
      await pipeline(rest, written, { signal });
    },
    open: async (object) => openFile(await fileOf(object)),
    sizeOf: async (object) => sizeOf(await fileOf(object)),
    delete: async (object) => void (await (await fileOf(object)).delete({ ignoreNotFound: true })),
    async downloadUrl(object, { name, expiresAt }) {
      const responseDisposition = `attachment; filename="${name}"`;
      if (options.emulator !== "") return emulatorUrl(options, object, expiresAt, responseDisposition);
      const file = await fileOf(object);
      const [url] = await file.getSignedUrl({ version: "v4", action: "read", expires: expiresAt, responseDisposition });
      return url;
    },
    async uploadUrl(object, { contentType, bytes, expiresAt }) {
      // Cloud Storage refuses what does not keep to them:
      // https://docs.cloud.google.com/storage/docs/xml-api/reference-headers
      const extensionHeaders = {
        "x-goog-content-length-range": `${bytes},${bytes}`,
        "x-goog-if-generation-match": "0",
      };
      const headers = { "content-type": contentType, ...extensionHeaders };
      if (options.emulator !== "") return { url: emulatorUrl(options, object, expiresAt), headers };
      const file = await fileOf(object);
      const signing = { version: "v4", action: "write", expires: expiresAt, contentType, extensionHeaders } as const;
      const [url] = await file.getSignedUrl(signing);
      return { url, headers };
    },
  };
}

async function openBucket({ projectId, bucket, emulator }: CloudStorageOptions): Promise<Bucket> {
  const { Storage } = await import("@google-cloud/storage");
  return new Storage({ projectId, ...(emulator !== "" && { apiEndpoint: emulator }) }).bucket(bucket);
}

/** The client repeats the request where that may help; then the object may be there by an answer that was lost. */
async function uploadOnce(file: File, content: Buffer, contentType: string): Promise<void> {
  try {
    await file.save(content, { ...ONCE, contentType, resumable: false });
  } catch (error) {
    if (!hasCode(error, 412)) throw error;
    const [{ md5Hash }] = await file.getMetadata();
    if (md5Hash !== createHash("md5").update(content).digest("base64")) throw error;
  }
}

async function openFile(file: File): Promise<AsyncIterable<Uint8Array> | undefined> {
  return (await sizeOf(file)) === undefined ? undefined : file.createReadStream({ decompress: false });
}

async function sizeOf(file: File): Promise<number | undefined> {
  try {
    const [{ size }] = await file.getMetadata();
    return Number(size);
  } catch (error) {
    if (hasCode(error, 404)) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
