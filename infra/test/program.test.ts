import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { MANIFEST } from "./functions.ts";
import { type Declared, PROJECT_ID, PUBSUB_AGENT, runProgram } from "./program.ts";

const API = `serviceAccount:baton-api@${PROJECT_ID}.iam.gserviceaccount.com`;
const WORKER = `serviceAccount:baton-worker@${PROJECT_ID}.iam.gserviceaccount.com`;
const WAKE = `serviceAccount:baton-wake@${PROJECT_ID}.iam.gserviceaccount.com`;
const SWEEP = `serviceAccount:baton-sweep@${PROJECT_ID}.iam.gserviceaccount.com`;
const NOTIFY = `serviceAccount:baton-notify@${PROJECT_ID}.iam.gserviceaccount.com`;
const DELIVER = `serviceAccount:baton-deliver@${PROJECT_ID}.iam.gserviceaccount.com`;
const BURY = `serviceAccount:baton-bury@${PROJECT_ID}.iam.gserviceaccount.com`;

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
    assert.deepEqual(linesOf("gcp:projects/iAMMember:IAMMember", "member", "role"), [
      `${API} roles/datastore.user`,
      `${BURY} roles/datastore.user`,
      `${BURY} roles/eventarc.eventReceiver`,
      `${BURY} roles/run.invoker`,
      `${DELIVER} roles/datastore.user`,
      `${DELIVER} roles/eventarc.eventReceiver`,
      `${DELIVER} roles/run.invoker`,
      `${NOTIFY} roles/datastore.user`,
      `${NOTIFY} roles/eventarc.eventReceiver`,
      `${NOTIFY} roles/run.invoker`,
      `${SWEEP} roles/datastore.user`,
      `${WAKE} roles/datastore.user`,
      `${WAKE} roles/eventarc.eventReceiver`,
      `${WAKE} roles/run.invoker`,
      `${WORKER} roles/datastore.user`,
      `${WORKER} roles/eventarc.eventReceiver`,
      `${WORKER} roles/run.invoker`,
    ]);
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
    assert.deepEqual(linesOf("gcp:secretmanager/secretIamMember:SecretIamMember", "secretId", "member", "role"), [
      `GEMINI_API_KEY-id ${WORKER} roles/secretmanager.secretAccessor`,
      `TEXT_TO_SPEECH_API_KEY-id ${WORKER} roles/secretmanager.secretAccessor`,
      `WEBHOOK_ENCRYPTION_KEYS-id ${API} roles/secretmanager.secretAccessor`,
      `WEBHOOK_ENCRYPTION_KEYS-id ${DELIVER} roles/secretmanager.secretAccessor`,
      `WEBHOOK_ENCRYPTION_KEYS-id ${NOTIFY} roles/secretmanager.secretAccessor`,
      `WEBHOOK_MASTER_SECRET-id ${API} roles/secretmanager.secretAccessor`,
      `WEBHOOK_MASTER_SECRET-id ${DELIVER} roles/secretmanager.secretAccessor`,
      `WEBHOOK_MASTER_SECRET-id ${NOTIFY} roles/secretmanager.secretAccessor`,
      `YOUTUBE_API_KEY-id ${WORKER} roles/secretmanager.secretAccessor`,
    ]);
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
    assert.deepEqual(linesOf("gcp:pubsub/topicIAMMember:TopicIAMMember", "topic", "member", "role"), [
      `baton-deliveries ${API} roles/pubsub.publisher`,
      `baton-deliveries ${DELIVER} roles/pubsub.publisher`,
      `baton-deliveries ${NOTIFY} roles/pubsub.publisher`,
      `baton-deliveries ${SWEEP} roles/pubsub.publisher`,
      `baton-events ${API} roles/pubsub.publisher`,
      `baton-events ${BURY} roles/pubsub.publisher`,
      `baton-events ${DELIVER} roles/pubsub.publisher`,
      `baton-events ${NOTIFY} roles/pubsub.publisher`,
      `baton-events ${SWEEP} roles/pubsub.publisher`,
      `baton-events ${WAKE} roles/pubsub.publisher`,
      `baton-events ${WORKER} roles/pubsub.publisher`,
      `baton-jobs-dead ${BURY} roles/pubsub.publisher`,
      `baton-jobs-dead ${WORKER} roles/pubsub.publisher`,
      `baton-jobs-dead ${PUBSUB_AGENT} roles/pubsub.publisher`,
      `baton-jobs-default ${API} roles/pubsub.publisher`,
      `baton-jobs-default ${BURY} roles/pubsub.publisher`,
      `baton-jobs-default ${SWEEP} roles/pubsub.publisher`,
      `baton-jobs-default ${WAKE} roles/pubsub.publisher`,
      `baton-jobs-default ${WORKER} roles/pubsub.publisher`,
      `baton-jobs-heavy ${API} roles/pubsub.publisher`,
      `baton-jobs-heavy ${BURY} roles/pubsub.publisher`,
      `baton-jobs-heavy ${SWEEP} roles/pubsub.publisher`,
      `baton-jobs-heavy ${WAKE} roles/pubsub.publisher`,
      `baton-jobs-heavy ${WORKER} roles/pubsub.publisher`,
      `baton-wakes ${API} roles/pubsub.publisher`,
      `baton-wakes ${BURY} roles/pubsub.publisher`,
      `baton-wakes ${SWEEP} roles/pubsub.publisher`,
      `baton-wakes ${WAKE} roles/pubsub.publisher`,
      `baton-wakes ${WORKER} roles/pubsub.publisher`,
    ]);
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
