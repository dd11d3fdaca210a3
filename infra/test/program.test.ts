import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { MANIFEST } from "./functions.ts";
import { type Declared, PROJECT_ID, PUBSUB_AGENT, runProgram } from "./program.ts";

const accountOf = (name: string) => `serviceAccount:baton-${name}@${PROJECT_ID}.iam.gserviceaccount.com`;
const [API, BURY, DELIVER, NOTIFY] = [accountOf("api"), accountOf("bury"), accountOf("deliver"), accountOf("notify")];
const [SWEEP, WAKE, WORKER] = [accountOf("sweep"), accountOf("wake"), accountOf("worker")];

describe("declareInfrastructure", () => {
  let declared: Declared[];
  before(async () => {
    declared = await runProgram(MANIFEST);
  });

  const inputsOf = (type: string) => declared.filter((one) => one.type === type).map((one) => one.inputs);
  const isGrant = (one: Declared) => /iam(member|binding|policy)$/i.test(one.type);
  const linesOf = (type: string, ...keys: string[]) =>
    inputsOf(type)
      .map((inputs) => keys.map((key) => inputs[key]).join(" "))
      .sort();

  it("gives each function a service account of its own, and the workers one", () => {
    assert.deepEqual(linesOf("gcp:serviceaccount/account:Account", "accountId"), [
      "baton-api",
      "baton-bury",
      "baton-deliver",
      "baton-notify",
      "baton-sweep",
      "baton-wake",
      "baton-worker",
    ]);
  });

  it("grants on the project only what each function needs", () => {
    const database = [API, SWEEP].map((member) => `${member} roles/datastore.user`);
    const events = [BURY, DELIVER, NOTIFY, WAKE, WORKER].flatMap((member) => [
      `${member} roles/datastore.user`,
      `${member} roles/eventarc.eventReceiver`,
      `${member} roles/run.invoker`,
    ]);
    const expected = [...database, ...events].sort();
    assert.deepEqual(linesOf("gcp:projects/iAMMember:IAMMember", "member", "role"), expected);
  });

  it("grants no basic role and none that administers, and nothing to the public", () => {
    const grants = declared.filter(isGrant);
    assert.equal(grants.length, 55);
    for (const { name, inputs } of grants) {
      assert.doesNotMatch(String(inputs.role), /owner|editor|viewer|admin/i, name);
      assert.doesNotMatch(String(inputs.member), /allUsers|allAuthenticatedUsers/, name);
    }
  });

  it("adds grants one by one, so that grants made elsewhere survive", () => {
    const kinds = new Set(declared.filter(isGrant).map((one) => one.type));
    assert.deepEqual([...kinds].sort(), [
      "gcp:projects/iAMMember:IAMMember",
      "gcp:pubsub/topicIAMMember:TopicIAMMember",
      "gcp:secretmanager/secretIamMember:SecretIamMember",
    ]);
  });

  it("lets only the functions that need a secret read it", () => {
    const readers: Record<string, string[]> = {
      GEMINI_API_KEY: [WORKER],
      TEXT_TO_SPEECH_API_KEY: [WORKER],
      WEBHOOK_ENCRYPTION_KEYS: [API, DELIVER, NOTIFY],
      WEBHOOK_MASTER_SECRET: [API, DELIVER, NOTIFY],
      YOUTUBE_API_KEY: [WORKER],
    };
    const expected = Object.entries(readers).flatMap(([secret, members]) =>
      members.map((member) => `${secret}-id ${member} roles/secretmanager.secretAccessor`),
    );
    const grants = linesOf("gcp:secretmanager/secretIamMember:SecretIamMember", "secretId", "member", "role");
    assert.deepEqual(grants, expected);
  });

  it("declares the secrets, refuses to delete them, and holds no value of any", () => {
    assert.deepEqual(linesOf("gcp:secretmanager/secret:Secret", "secretId", "deletionProtection"), [
      "GEMINI_API_KEY true",
      "TEXT_TO_SPEECH_API_KEY true",
      "WEBHOOK_ENCRYPTION_KEYS true",
      "WEBHOOK_MASTER_SECRET true",
      "YOUTUBE_API_KEY true",
    ]);
    assert.deepEqual(
      declared.filter((one) => /secretversion/i.test(one.type) || /secretData/.test(JSON.stringify(one.inputs))),
      [],
    );
  });

  it("declares the topics", () => {
    assert.deepEqual(linesOf("gcp:pubsub/topic:Topic", "name"), [
      "baton-deliveries",
      "baton-events",
      "baton-jobs-dead",
      "baton-jobs-default",
      "baton-jobs-heavy",
      "baton-wakes",
    ]);
  });

  it("lets only the functions that publish to a topic do so", () => {
    const publishers: Record<string, string[]> = {
      "baton-deliveries": [API, DELIVER, NOTIFY, SWEEP],
      "baton-events": [API, BURY, DELIVER, NOTIFY, SWEEP, WAKE, WORKER],
      "baton-jobs-dead": [BURY, WORKER, PUBSUB_AGENT],
      "baton-jobs-default": [API, BURY, SWEEP, WAKE, WORKER],
      "baton-jobs-heavy": [API, BURY, SWEEP, WAKE, WORKER],
      "baton-wakes": [API, BURY, SWEEP, WAKE, WORKER],
    };
    const expected = Object.entries(publishers).flatMap(([topic, members]) =>
      members.map((member) => `${topic} ${member} roles/pubsub.publisher`),
    );
    assert.deepEqual(linesOf("gcp:pubsub/topicIAMMember:TopicIAMMember", "topic", "member", "role"), expected);
  });

  it("keeps dead letters for 31 days in a subscription that never expires", () => {
    assert.deepEqual(inputsOf("gcp:pubsub/subscription:Subscription"), [
      {
        name: "baton-jobs-dead-kept",
        topic: "baton-jobs-dead-id",
        ackDeadlineSeconds: 60,
        messageRetentionDuration: "2678400s",
        expirationPolicy: { ttl: "" },
      },
    ]);
  });

  it("lets documents expire by expireAt, without an index on it", () => {
    const fields = inputsOf("gcp:firestore/field:Field");
    assert.deepEqual(fields.map((field) => field.collection).sort(), [
      "batonAlerts",
      "batonAttempts",
      "batonCache",
      "batonDeadLetters",
      "batonDeliveries",
      "batonErasures",
      "batonJobs",
      "batonLanes",
      "batonPayloads",
      "batonRateLimits",
      "batonRecoveries",
      "batonResults",
      "batonSecrets",
      "batonSteps",
      "batonUsage",
      "companyProfiles",
      "scrapeHosts",
      "scrapeSites",
      "youtubeUnits",
      "youtubeVideos",
    ]);
    for (const { database, field, ttlConfig, indexConfig } of fields) {
      assert.deepEqual(
        { database, field, ttlConfig, indexConfig },
        { database: "(default)", field: "expireAt", ttlConfig: {}, indexConfig: {} },
      );
    }
  });

  it("names the same TTL fields as firestore.indexes.json, or firebase deploy --force would remove them", () => {
    const deployed = ttlFieldsOf(readFileSync(new URL("../../firestore.indexes.json", import.meta.url), "utf8"));
    assert.deepEqual(linesOf("gcp:firestore/field:Field", "collection", "field"), deployed);
  });

  it("protects the default database, in native mode, from being deleted", () => {
    assert.deepEqual(inputsOf("gcp:firestore/database:Database"), [
      {
        name: "(default)",
        locationId: "eur3",
        type: "FIRESTORE_NATIVE",
        deleteProtectionState: "DELETE_PROTECTION_ENABLED",
        deletionPolicy: "ABANDON",
      },
    ]);
  });

  it("enables the APIs it uses and leaves them enabled when it is destroyed", () => {
    const services = inputsOf("gcp:projects/service:Service");
    const names = services.map((one) => String(one.service).replace(".googleapis.com", ""));
    for (const api of [
      "cloudfunctions",
      "run",
      "eventarc",
      "pubsub",
      "firestore",
      "secretmanager",
      "identitytoolkit",
    ]) {
      assert.ok(names.includes(api), api);
    }
    assert.ok(services.every((one) => one.disableOnDestroy === false));
  });
});

/** `collection field` of every field override with a TTL, sorted. */
function ttlFieldsOf(indexesJson: string): string[] {
  const { fieldOverrides }: { fieldOverrides: { collectionGroup: string; fieldPath: string; ttl?: boolean }[] } =
    JSON.parse(indexesJson);
  return fieldOverrides
    .filter((override) => override.ttl === true)
    .map((override) => `${override.collectionGroup} ${override.fieldPath}`)
    .sort();
}
