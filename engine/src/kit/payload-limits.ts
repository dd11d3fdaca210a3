export { storableText } from "@baton/protocol";

/**
 * Largest input or output, as UTF-8 JSON. A Firestore document holds 1 MiB
 * (https://firebase.google.com/docs/firestore/quotas); the rest is room for its other fields.
 */
export const MAX_PAYLOAD_BYTES = 900 * 1024;
