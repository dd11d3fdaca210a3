/*
 * Small tools of the engine that job types may use for stores and settings of their own.
 */
export { storableText } from "@baton/protocol";
export { ownerHash } from "../accounts/owner-hash.ts";
export { groupCommit as inGroups } from "../kit/group-commit.ts";
export { keyedMutex } from "../kit/keyed-mutex.ts";
export { MAX_PAYLOAD_BYTES } from "../kit/payload-limits.ts";
export type { Log } from "../kit/ports.ts";
export { BaseUrl, wholeNumber } from "../kit/settings.ts";
export { retryConflicts } from "../platform/firestore/optimistic-retry.ts";
export { read } from "../platform/firestore/read-document.ts";
export { cloudLog as log } from "../platform/log.ts";
