import type { Firestore } from "@google-cloud/firestore";
import { groupCommit } from "../../kit/group-commit.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentDiff } from "../../platform/firestore/document-diff.ts";
import { toFields } from "../../platform/firestore/documents.ts";
import { isAway, retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import { read } from "../../platform/firestore/read-document.ts";
import type { EndpointStore } from "../ports.ts";
import { type ChangedHealth, changedHealth, type HealthRule } from "../rules/endpoint-changes.ts";
import { endpointFrom } from "./endpoint-documents.ts";

interface Change {
  rule: HealthRule;
  now: Date;
}

/** Changes of one endpoint's health that share a commit. */
const MAX_GROUP = 100;

/** Changes the health of endpoints, each change decided on the one before it, with the alerts in the same commit. */
export function endpointHealth(db: Firestore): EndpointStore["changeHealth"] {
  const change = groupCommit<Change, { changed: ChangedHealth | undefined }>(
    MAX_GROUP,
    (endpointId, changes) => changeTogether(db, endpointId, changes),
    isAway,
  );
  return async (endpointId, rule, now) => (await change(endpointId, { rule, now })).changed;
}

function changeTogether(db: Firestore, endpointId: string, changes: readonly Change[]) {
  const ref = db.collection(COLLECTIONS.endpoints).doc(endpointId);
  return retryConflicts(async () => {
    const { value: before, updateTime } = await read(true, ref, endpointFrom);
    if (!before || !updateTime) return changes.map(() => ({ changed: undefined }));
    let endpoint = before;
    const answers = changes.map(({ rule, now }) => {
      const changed = changedHealth(endpoint, rule, now);
      if (changed) endpoint = changed.endpoint;
      return { changed };
    });
    const difference = documentDiff(before, endpoint);
    if (Object.keys(difference).length === 0) return answers;
    const batch = db.batch();
    batch.update(ref, difference, { lastUpdateTime: updateTime });
    for (const { changed } of answers) {
      const alert = changed?.alert;
      if (alert) batch.set(db.collection(COLLECTIONS.alerts).doc(alert.alertId), toFields(alert));
    }
    await batch.commit();
    return answers;
  });
}
