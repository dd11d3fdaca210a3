import { randomInt, randomUUID } from "node:crypto";
import type { Ids } from "../core/ports.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 62^20, about 2^119: the same strength, and the same look, as Firestore's own ids. */
const JOB_ID_LENGTH = 20;

/** Ids from the platform's cryptographic randomness. */
export const randomIds: Ids = {
  jobId: () => Array.from({ length: JOB_ID_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join(""),
  leaseId: () => randomUUID(),
};
