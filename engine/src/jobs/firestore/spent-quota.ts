import type { DocumentReference, Firestore } from "@google-cloud/firestore";
import { ownerHash } from "../../accounts/owner-hash.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { read } from "../../platform/firestore/read-document.ts";
import { newUsage, type Usage } from "../rules/usage.ts";
import { spentQuotaFrom } from "./quota-documents.ts";

/**
 * The document that keeps what an erased owner has used of the running day, without their name. No owner's own usage has such an id:
 * `documentIdOf` never gives a percent sign before these letters.
 */
export function spentQuotaRef(db: Firestore, owner: string): DocumentReference {
  return db.collection(COLLECTIONS.usage).doc(`%erased-${ownerHash(owner)}`);
}

/** Gives the usage of an owner who has no usage document: empty, but for what they had used before an erasure. */
export async function usageAfterErasure(db: Firestore, owner: string): Promise<Usage | undefined> {
  const { value } = await read(true, spentQuotaRef(db, owner), spentQuotaFrom);
  return value && { ...newUsage(owner, value.day.startsAt), minute: value.minute, day: value.day };
}
