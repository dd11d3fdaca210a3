import { FieldValue, type Firestore, type Timestamp, type WriteResult } from "@google-cloud/firestore";
import { type Recent, recent } from "../../kit/recent.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentDiff } from "../../platform/firestore/document-diff.ts";
import { toFields } from "../../platform/firestore/documents.ts";
import { isConflict, retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import type { DeliveryStore } from "../ports.ts";
import type { Delivery, DeliveryCommand, DeliveryTransition } from "../rules/delivery.ts";
import { moveDelivery } from "../rules/move-delivery.ts";
import { attemptFields, deliveryFrom } from "./delivery-documents.ts";

/** A delivery as this process last read or wrote it. */
interface Known {
  delivery: Delivery;
  updateTime: Timestamp;
}

/** The deliveries that this process is sending. The end of their attempts needs no read. */
type Sending = Recent<Known>;

const MAX_SENDING = 1000;

/** Creates deliveries and applies commands to them. Remembers the deliveries that this process is sending. */
export function deliveryWrites(db: Firestore): Pick<DeliveryStore, "createAll" | "apply"> {
  const sending = recent<Known>(MAX_SENDING);
  return {
    createAll: (wanted, settles) => createAll(db, sending, wanted, settles),
    async apply(deliveryId, command, now) {
      // Only the sender that began an attempt names its number.
      const known = "number" in command ? sending.get(deliveryId) : undefined;
      if (known) {
        sending.delete(deliveryId);
        const answer = await applyToKnown(db, sending, known, command, now);
        if (answer) return answer;
      }
      return applyToStored(db, sending, deliveryId, command, now);
    },
  };
}

/** Reads a delivery; undefined when there is none. */
export async function readDelivery(db: Firestore, deliveryId: string): Promise<Known | undefined> {
  const document = await db.collection(COLLECTIONS.deliveries).doc(deliveryId).get();
  const [fields, updateTime] = [document.data(), document.updateTime];
  return fields && updateTime && { delivery: deliveryFrom(fields), updateTime };
}

function createAll(
  db: Firestore,
  sending: Sending,
  wanted: readonly Delivery[],
  settles: string | undefined,
): Promise<boolean[]> {
  const deliveries = db.collection(COLLECTIONS.deliveries);
  const result = settles === undefined ? undefined : db.collection(COLLECTIONS.results).doc(settles);
  return retryConflicts(async (tried) => {
    // The first try assumes that no delivery exists, and that the result does.
    const existing = tried === 0 ? new Set(result && [result.id]) : await existingOf(db, wanted, settles);
    const isNew = wanted.map(({ deliveryId }) => !existing.has(deliveryId));
    const created = wanted.filter((_, index) => isNew[index]);
    const batch = db.batch();
    for (const delivery of created) batch.create(deliveries.doc(delivery.deliveryId), toFields(delivery));
    const settled = result && existing.has(result.id);
    if (settled) batch.update(result, { dueAt: FieldValue.delete() });
    if (created.length === 0 && !settled) return isNew;
    const written = await batch.commit();
    for (const [index, delivery] of created.entries()) remember(sending, delivery, written[index]);
    return isNew;
  });
}

/** Lists the ids of the deliveries, and of the result, that exist. */
async function existingOf(
  db: Firestore,
  wanted: readonly Delivery[],
  result: string | undefined,
): Promise<ReadonlySet<string>> {
  const refs = wanted.map(({ deliveryId }) => db.collection(COLLECTIONS.deliveries).doc(deliveryId));
  if (result !== undefined) refs.push(db.collection(COLLECTIONS.results).doc(result));
  if (refs.length === 0) return new Set();
  const found = await db.getAll(...refs, { fieldMask: ["owner"] });
  return new Set(found.filter(({ exists }) => exists).map(({ id }) => id));
}

/**
 * Applies a command without a read; undefined when the remembered state refuses it, or is not the stored one any more.
 */
async function applyToKnown(db: Firestore, sending: Sending, known: Known, command: DeliveryCommand, now: Date) {
  try {
    const answer = await commit(db, sending, known, command, now);
    return answer.outcome === "moved" ? answer : undefined;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

function applyToStored(
  db: Firestore,
  sending: Sending,
  deliveryId: string,
  command: DeliveryCommand,
  now: Date,
): ReturnType<DeliveryStore["apply"]> {
  return retryConflicts(async () => {
    const stored = await readDelivery(db, deliveryId);
    return stored ? commit(db, sending, stored, command, now) : { outcome: "not-found" };
  });
}

async function commit(
  db: Firestore,
  sending: Sending,
  { delivery, updateTime }: Known,
  command: DeliveryCommand,
  now: Date,
): Promise<DeliveryTransition> {
  const answer = moveDelivery(delivery, command, now);
  if (answer.outcome === "refused") return answer;
  const document = db.collection(COLLECTIONS.deliveries).doc(delivery.deliveryId);
  const batch = db.batch();
  const changes = documentDiff(answer.before, answer.delivery);
  if (Object.keys(changes).length > 0) batch.update(document, changes, { lastUpdateTime: updateTime });
  const { record } = answer;
  if (record) batch.set(document.collection(COLLECTIONS.attempts).doc(String(record.number)), attemptFields(record));
  const [written] = await batch.commit();
  remember(sending, answer.delivery, written);
  return answer;
}

function remember(sending: Sending, delivery: Delivery, written: WriteResult | undefined): void {
  const { deliveryId, state } = delivery;
  if (state === "sending" && written) sending.set(deliveryId, { delivery, updateTime: written.writeTime });
  else sending.delete(deliveryId);
}
