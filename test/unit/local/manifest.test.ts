import assert from "node:assert/strict";
import { parseManifest } from "../../../local/manifest/manifest.ts";

const ENDPOINT = { entryPoint: "worker", platform: "gcfv2" };

function triggerOf(endpoint: object) {
  return parseManifest({ endpoints: { worker: { ...ENDPOINT, ...endpoint } } }, { folder: "/bundle" })[0]?.trigger;
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
    assert.deepEqual(
      parseManifest({ specVersion: "v1alpha1", endpoints: { worker: endpoint } }, { folder: "/bundle" }),
      [
        {
          name: "worker",
          entryPoint: "worker",
          folder: "/bundle",
          region: "europe-west1",
          timeoutMs: 540_000,
          concurrency: 4,
          maxInstances: 20,
          memoryMb: 1024,
          secrets: ["YOUTUBE_API_KEY"],
          trigger: { kind: "https" },
        },
      ],
    );
  });

  it("gives the platform's values to options that are null or absent", () => {
    const [spec] = parseManifest(
      { endpoints: { worker: { ...ENDPOINT, maxInstances: null, httpsTrigger: {} } } },
      { folder: "/b" },
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
    assert.deepEqual(trigger, {
      kind: "schedule",
      recurrence: { every: "minutes", minutes: 5 },
      retries: { maxAttempts: 1, maxAgeSeconds: 0, minBackoffSeconds: 5, maxBackoffSeconds: 3600, maxDoublings: 5 },
    });
  });

  it("reads a task queue with its limits and retries, and the defaults that Firebase gives a queue", () => {
    const rateLimits = { maxConcurrentDispatches: 6, maxDispatchesPerSecond: null };
    const retryConfig = { maxAttempts: 5, minBackoffSeconds: 60 };
    assert.deepEqual(triggerOf({ taskQueueTrigger: { rateLimits, retryConfig } }), {
      kind: "tasks",
      limits: { maxConcurrent: 6, maxPerSecond: 500 },
      retries: { maxAttempts: 5, maxAgeSeconds: 0, minBackoffSeconds: 60, maxBackoffSeconds: 3600, maxDoublings: 16 },
    });
  });

  it("gives functions the prefix of their codebase, and settings the values of their parameters", () => {
    const endpoint = {
      ...ENDPOINT,
      region: ["{{ params.REGION }}"],
      maxInstances: "{{ params.MOST }}",
      httpsTrigger: {},
    };
    const context = { folder: "/b", prefix: "kit-eu", params: { REGION: "europe-west1", MOST: "3" } };
    const [spec] = parseManifest({ endpoints: { api: endpoint } }, context);
    assert.equal(spec?.name, "kit-eu-api");
    assert.equal(spec?.region, "europe-west1");
    assert.equal(spec?.maxInstances, 3);
  });

  it("says which triggers nothing here plays", () => {
    assert.deepEqual(triggerOf({ scheduleTrigger: { schedule: "1st monday of month 9:00" } }), {
      kind: "unsupported",
      what: 'schedule "1st monday of month 9:00"',
    });
    const old = { platform: "gcfv1", eventTrigger: { eventType: "google.pubsub.topic.publish", retry: false } };
    assert.deepEqual(triggerOf(old), { kind: "unsupported", what: "an event function of the 1st generation" });
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
    assert.throws(() => parseManifest({ endpoints: { worker: {} } }, { folder: "/bundle" }), /entryPoint/);
  });
});
