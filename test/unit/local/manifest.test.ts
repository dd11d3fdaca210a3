import assert from "node:assert/strict";
import { parseManifest } from "../../../local/manifest.ts";

const ENDPOINT = { entryPoint: "worker", platform: "gcfv2" };

function triggerOf(endpoint: object) {
  return parseManifest({ endpoints: { worker: { ...ENDPOINT, ...endpoint } } }, "/bundle")[0]?.trigger;
}

describe("the functions' manifest", () => {
  it("gives a function its options", () => {
    const endpoint = {
      ...ENDPOINT,
      region: ["europe-west1"],
      timeoutSeconds: 540,
      concurrency: 4,
      maxInstances: 20,
      availableMemoryMb: 1024,
      secretEnvironmentVariables: [{ key: "YOUTUBE_API_KEY" }],
      httpsTrigger: {},
    };
    assert.deepEqual(parseManifest({ specVersion: "v1alpha1", endpoints: { worker: endpoint } }, "/bundle"), [
      {
        name: "worker",
        entryPoint: "worker",
        folder: "/bundle",
        timeoutMs: 540_000,
        concurrency: 4,
        maxInstances: 20,
        memoryMb: 1024,
        secrets: ["YOUTUBE_API_KEY"],
        trigger: { kind: "https" },
      },
    ]);
  });

  it("gives the platform's values to options that are null or absent", () => {
    const [spec] = parseManifest(
      { endpoints: { worker: { ...ENDPOINT, maxInstances: null, httpsTrigger: {} } } },
      "/b",
    );
    const { timeoutMs, concurrency, maxInstances, memoryMb, secrets } = spec ?? {};
    assert.deepEqual(
      { timeoutMs, concurrency, maxInstances, memoryMb, secrets },
      { timeoutMs: 60_000, concurrency: 80, maxInstances: 100, memoryMb: 256, secrets: [] },
    );
  });

  it("reads a Pub/Sub trigger with its topic and retry", () => {
    const eventType = "google.cloud.pubsub.topic.v1.messagePublished";
    const eventTrigger = { eventType, eventFilters: { topic: "baton-jobs-default" }, retry: true };
    assert.deepEqual(triggerOf({ eventTrigger }), { kind: "pubsub", topic: "baton-jobs-default", retry: true });
  });

  it("reads a Firestore trigger with its document pattern", () => {
    const eventTrigger = {
      eventType: "google.cloud.firestore.document.v1.created",
      eventFilters: { database: "(default)", namespace: "(default)" },
      eventFilterPathPatterns: { document: "batonResults/{jobId}" },
      retry: false,
    };
    assert.deepEqual(triggerOf({ eventTrigger }), {
      kind: "firestore",
      eventType: "google.cloud.firestore.document.v1.created",
      database: "(default)",
      namespace: "(default)",
      document: "batonResults/{jobId}",
      isPattern: true,
      retry: false,
    });
  });

  it("reads a schedule in minutes", () => {
    const trigger = triggerOf({ scheduleTrigger: { schedule: "every 5 minutes" } });
    assert.deepEqual(trigger, { kind: "schedule", everyMinutes: 5 });
  });

  it("says which triggers nothing here plays", () => {
    assert.deepEqual(triggerOf({ scheduleTrigger: { schedule: "0 9 * * 1" } }), {
      kind: "unsupported",
      what: 'schedule "0 9 * * 1"',
    });
    const eventTrigger = {
      eventType: "google.cloud.storage.object.v1.finalized",
      eventFilters: { bucket: "b" },
      retry: false,
    };
    assert.deepEqual(triggerOf({ eventTrigger }), {
      kind: "unsupported",
      what: "google.cloud.storage.object.v1.finalized",
    });
  });

  it("refuses what is no manifest", () => {
    assert.throws(() => parseManifest({ endpoints: { worker: {} } }, "/bundle"), /entryPoint/);
  });
});
