import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from "../../local/cloud.ts";

const Call = z.looseObject({ name: z.string(), key: z.string(), pid: z.number(), at: z.number() });
/** One call of a fixture function, as it recorded it. */
export type Call = z.infer<typeof Call>;

/** A local cloud that runs `functions-fixture`: functions that fail, hang and die as they are told. */
export interface FixtureCloud {
  cloud: LocalCloud;
  publish(topic: string, attributes: Record<string, string>): Promise<void>;
  createDocument(path: string, fields: Record<string, unknown>): Promise<void>;
  /** The calls with this key, oldest first. */
  calls(key: string): Promise<Call[]>;
  stop(): Promise<void>;
}

/**
 * Starts it without Auth emulator and console, with pauses of 50 ms and up, and 4 deliveries before a dead letter,
 * unless `options` say otherwise.
 */
export async function startFixtureCloud(options: Partial<LocalCloudOptions> = {}): Promise<FixtureCloud> {
  const folder = await mkdtemp(join(tmpdir(), "baton-fixture-"));
  const record = join(folder, "calls.jsonl");
  const cloud = await startLocalCloud({
    ports: "auto",
    codebases: [fileURLToPath(new URL("functions-fixture", import.meta.url))],
    env: { FIXTURE_LOG: record },
    secrets: { DECLARED_SECRET: "a secret" },
    retryMinMs: 50,
    maxDeliveryAttempts: 4,
    auth: false,
    console: false,
    ...options,
  });
  const { pubsubHost, firestoreHost, projectId } = cloud.addresses;
  return {
    cloud,
    publish: (topic, attributes) =>
      post(`http://${pubsubHost}/v1/projects/${projectId}/topics/${topic}:publish`, { messages: [{ attributes }] }),
    createDocument(path, fields) {
      const [collection = "", id = ""] = path.split("/");
      const root = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents`;
      return post(`${root}/${collection}?documentId=${id}`, { fields });
    },
    calls: async (key) => (await readCalls(record)).filter((call) => call.key === key),
    async stop() {
      await cloud.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function readCalls(record: string): Promise<Call[]> {
  const text = await readFile(record, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Call.parse(JSON.parse(line)));
}

async function post(url: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json", authorization: "Bearer owner" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
