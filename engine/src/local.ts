// Names and keys of webhooks, which the local cloud of @baton/local shares with the engine that it runs.
export { ownerHash } from "./accounts/owner-hash.ts";
export { COLLECTIONS } from "./platform/firestore/collections.ts";
export {
  DEAD_LETTER_SUBSCRIPTION,
  DEAD_LETTER_TOPIC,
  EVENT_TOPIC,
  isQueueTopic,
} from "./platform/pubsub/topics.ts";
export { liveGenerations, type SecretGeneration } from "./webhooks/rules/owner-secrets.ts";
export { ownerSecret } from "./webhooks/signing/owner-secret.ts";
export type { SecretBox } from "./webhooks/signing/ports.ts";
export { secretBox } from "./webhooks/signing/secret-box.ts";
