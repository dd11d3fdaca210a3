import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Ids } from "../kit/ports.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 62^20, about 2^119: the same strength, and the same look, as Firestore's own ids. */
const ID_LENGTH = 20;

/** Ids from the platform's cryptographic randomness. */
export const randomIds: Ids = {
  jobId: randomId,
  leaseId: () => randomUUID(),
  documentId: randomId,
  webhookId: () => `msg_${randomBytes(16).toString("hex")}`,
};

function randomId(): string {
  return Array.from({ length: ID_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}
