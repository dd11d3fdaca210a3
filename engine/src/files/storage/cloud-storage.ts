import { generateKeyPairSync } from "node:crypto";
import { pipeline } from "node:stream/promises";
import type { Bucket, File } from "@google-cloud/storage";
import type { ObjectStore } from "../ports.ts";

/** Where the objects are. */
export interface CloudStorageOptions {
  projectId: string;
  bucket: string;
  /** Address of an emulator, `http://127.0.0.1:9199`. Empty: Cloud Storage. */
  emulator: string;
}

/**
 * Uploads above this are resumable: their chunks are sent again when one is lost. The client holds one chunk in memory;
 * its size has to be a multiple of 256 KiB (https://docs.cloud.google.com/storage/docs/performing-resumable-uploads).
 */
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * The object store on Cloud Storage. The client is loaded with the first call, because it takes long to load and most
 * functions never need it. An object is created once: a second upload of its name is refused by its generation, so the
 * client may repeat a request whose answer was lost.
 */
export function cloudStorage(options: CloudStorageOptions): ObjectStore {
  let opened: Promise<Bucket> | undefined;
  const fileOf = async (object: string) => {
    opened ??= openBucket(options);
    return (await opened).file(object);
  };
  return {
    async upload(object, data, { contentType, signal, bytes }) {
      const file = await fileOf(object);
      const isSmall = bytes !== undefined && bytes <= CHUNK_BYTES;
      const written = file.createWriteStream({
        contentType,
        preconditionOpts: { ifGenerationMatch: 0 },
        ...(isSmall ? { resumable: false } : { resumable: true, chunkSize: CHUNK_BYTES }),
      });
      await pipeline(data, written, { signal });
    },
    open: async (object) => openFile(await fileOf(object)),
    sizeOf: async (object) => sizeOf(await fileOf(object)),
    delete: async (object) => void (await (await fileOf(object)).delete({ ignoreNotFound: true })),
    async downloadUrl(object, { name, expiresAt }) {
      const responseDisposition = `attachment; filename="${name}"`;
      const file = await fileOf(object);
      const [url] = await file.getSignedUrl({ version: "v4", action: "read", expires: expiresAt, responseDisposition });
      return url;
    },
    async uploadUrl(object, { contentType, bytes, expiresAt }) {
      // Cloud Storage refuses what does not keep to them: https://docs.cloud.google.com/storage/docs/xml-api/reference-headers
      const extensionHeaders = {
        "x-goog-content-length-range": `${bytes},${bytes}`,
        "x-goog-if-generation-match": "0",
      };
      const file = await fileOf(object);
      const signing = { version: "v4", action: "write", expires: expiresAt, contentType, extensionHeaders } as const;
      const [url] = await file.getSignedUrl(signing);
      return { url, headers: { "content-type": contentType, ...extensionHeaders } };
    },
  };
}

async function openBucket({ projectId, bucket, emulator }: CloudStorageOptions): Promise<Bucket> {
  const { Storage } = await import("@google-cloud/storage");
  const local = { apiEndpoint: emulator, credentials: throwawayCredentials() };
  return new Storage({ projectId, ...(emulator !== "" && local) }).bucket(bucket);
}

/** Signs addresses of an emulator, which checks no signature. */
function throwawayCredentials() {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return { client_email: "local@localhost", private_key: privateKey };
}

async function openFile(file: File): Promise<AsyncIterable<Uint8Array> | undefined> {
  return (await sizeOf(file)) === undefined ? undefined : file.createReadStream();
}

async function sizeOf(file: File): Promise<number | undefined> {
  try {
    const [{ size }] = await file.getMetadata();
    return Number(size);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === 404) return undefined;
    throw error;
  }
}
