import type { JsonValue } from "@baton/protocol";
import { INDEXES } from "./firestore-indexes.ts";

/** Answers of gcloud by the begin of the command. */
export type Recorded = Readonly<Record<string, JsonValue>>;

const PROJECT = "projects/shop-prod";
const ACCOUNT = "12345-compute@developer.gserviceaccount.com";
const SECRETS = ["WEBHOOK_MASTER_SECRET", "WEBHOOK_ENCRYPTION_KEYS"];
const NAMES = ["api", "worker", "wake", "notify", "deliver", "bury", "sweep"];
const EVENTS = ["worker", "wake", "notify", "deliver", "bury"];

const triggerOf = (name: string) => `${PROJECT}/locations/europe-west1/triggers/baton-${name}-1`;
const subscriptionOf = (name: string) => `${PROJECT}/subscriptions/eventarc-europe-west1-baton-${name}-sub-1`;

function aFunction(name: string): Record<string, JsonValue> {
  const signs = ["api", "notify", "deliver"].includes(name);
  return {
    name: `${PROJECT}/locations/europe-west1/functions/baton-${name}`,
    environment: "GEN_2",
    state: "ACTIVE",
    serviceConfig: {
      serviceAccountEmail: ACCOUNT,
      ...(signs && { secretEnvironmentVariables: SECRETS.map((secret) => ({ key: secret, secret, version: "1" })) }),
    },
    ...(EVENTS.includes(name) && { eventTrigger: { trigger: triggerOf(name), retryPolicy: "RETRY_POLICY_RETRY" } }),
  };
}

/** The policies that `infra/` gives the subscriptions of `worker`, `wake` and the others. */
function aSubscription(name: string): Record<string, JsonValue> {
  const isWake = name === "wake";
  return {
    name: subscriptionOf(name),
    ackDeadlineSeconds: isWake ? 180 : 600,
    messageRetentionDuration: isWake ? "86400s" : "604800s",
    retryPolicy: { minimumBackoff: "10s", maximumBackoff: isWake ? "60s" : "600s" },
    ...(name === "worker" && { deadLetterPolicy: { maxDeliveryAttempts: 100 } }),
  };
}

/** What gcloud answers about a project in which Baton is deployed as it should be. */
export function deployment() {
  return {
    "services list": [
      ...["artifactregistry", "cloudbuild", "cloudfunctions", "cloudscheduler", "eventarc", "firebaserules"],
      ...["firestore", "identitytoolkit", "pubsub", "run", "storage"],
    ].map((name) => ({ config: { name: `${name}.googleapis.com` }, state: "ENABLED" })),
    "functions list": NAMES.map(aFunction),
    "firestore databases list": [{ name: `${PROJECT}/databases/(default)`, type: "FIRESTORE_NATIVE" }],
    "firestore indexes composite list": builtIndexes(),
    "firestore fields ttls list": builtPolicies(),
    "secrets list": SECRETS.map((name) => ({ name: `projects/12345/secrets/${name}` })),
    "secrets versions list": [{ name: "projects/12345/secrets/any/versions/1", state: "ENABLED" }],
    "eventarc triggers list": EVENTS.map((name) => ({
      name: triggerOf(name),
      transport: { pubsub: { subscription: subscriptionOf(name), topic: `${PROJECT}/topics/any` } },
    })),
    "pubsub subscriptions list": EVENTS.map(aSubscription),
    "projects get-iam-policy": {
      bindings: ["roles/run.invoker", "roles/eventarc.eventReceiver", "roles/datastore.user"].map((role) => ({
        role,
        members: [`serviceAccount:${ACCOUNT}`],
      })),
    },
  };
}

function builtIndexes(): Record<string, JsonValue>[] {
  return INDEXES.indexes.map(({ collectionGroup, queryScope, fields }, i) => ({
    name: `${PROJECT}/databases/(default)/collectionGroups/${collectionGroup}/indexes/${i}`,
    queryScope,
    state: "READY",
    fields: [
      ...fields.map((field) => ({ ...field })),
      { fieldPath: "__name__", order: fields.at(-1)?.order ?? "ASCENDING" },
    ],
  }));
}

function builtPolicies(): Record<string, JsonValue>[] {
  const expiring = INDEXES.fieldOverrides.filter(({ ttl }) => ttl === true);
  return expiring
    .toSorted((a, b) => Number(a.collectionGroup.startsWith("baton")) - Number(b.collectionGroup.startsWith("baton")))
    .map(({ collectionGroup, fieldPath }) => ({
      name: `${PROJECT}/databases/(default)/collectionGroups/${collectionGroup}/fields/${fieldPath}`,
      ttlConfig: { state: "ACTIVE" },
    }));
}
