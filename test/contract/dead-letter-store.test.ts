import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { firestoreDeadLetterStore } from "../../engine/src/jobs/firestore/dead-letter-store.ts";
import type { DeadLetterStore } from "../../engine/src/jobs/ports.ts";
import type { DeadLetter } from "../../engine/src/jobs/rules/dead-letter.ts";
import { fromFields } from "../../engine/src/platform/firestore/documents.ts";
import { memoryDeadLetterStore } from "../../engine/src/testing/memory-dead-letter-store.ts";
import { openFirestore } from "../support/firestore.ts";

function aLetter(given: Partial<DeadLetter> = {}): DeadLetter {
  return {
    letterId: `letter-${randomUUID()}`,
    kind: "undeliverable",
    queue: "default",
    jobId: "AAAAAAAAAAAAAAAAAAAA",
    owner: "alice",
    type: "test.job",
    attributes: { jobId: "AAAAAAAAAAAAAAAAAAAA", other: "text" },
    data: "aGVsbG8=",
    reason: "Pub/Sub gave up.",
    receivedAt: new Date("2026-01-01T00:00:00.000Z"),
    expireAt: new Date("2026-01-31T00:00:00.000Z"),
    ...given,
  };
}

/** A store, and a way to see what it kept. */
interface Opened {
  store: DeadLetterStore;
  read(letterId: string): Promise<unknown>;
}

/** The contract of every dead letter store; run against the fake and against the real emulator. */
function deadLetterStoreContract(name: string, open: () => Opened) {
  describe(`${name} as a dead letter store`, () => {
    let opened: Opened;
    before(() => {
      opened = open();
    });

    it("keeps a letter as it is", async () => {
      const letter = aLetter();
      await opened.store.keep(letter);
      assert.deepEqual(await opened.read(letter.letterId), letter);
    });

    it("keeps a letter that nothing is known about", async () => {
      const { queue: _, jobId: __, owner: ___, type: ____, data: _____, ...letter } = aLetter({ kind: "unreadable" });
      await opened.store.keep(letter);
      assert.deepEqual(await opened.read(letter.letterId), letter);
    });

    it("keeps the first of two letters with one id", async () => {
      const letter = aLetter();
      await opened.store.keep(letter);
      await opened.store.keep({ ...letter, reason: "again", receivedAt: new Date("2026-01-02T00:00:00.000Z") });
      assert.deepEqual(await opened.read(letter.letterId), letter);
    });

    it("takes ten deliveries of one letter at once", async () => {
      const letter = aLetter();
      await Promise.all(Array.from({ length: 10 }, () => opened.store.keep(letter)));
      assert.deepEqual(await opened.read(letter.letterId), letter);
    });
  });
}

deadLetterStoreContract("memory", () => {
  const store = memoryDeadLetterStore();
  return { store, read: async (letterId) => store.letters().find((letter) => letter.letterId === letterId) };
});

describe("on the emulator", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore("demo-contracts");
  });
  after(() => db.terminate());

  const read = async (letterId: string) => {
    const fields = (await db.doc(`batonDeadLetters/${letterId}`).get()).data();
    return fields && fromFields(fields);
  };
  deadLetterStoreContract("Firestore", () => ({ store: firestoreDeadLetterStore(db), read }));

  it("keeps attributes whose names Firestore does not allow, as text", async () => {
    const { attributes: _, ...letter } = aLetter();
    await firestoreDeadLetterStore(db).keep({ ...letter, attributes: { __name__: "x", "": "y" } });
    const attributesJson = '{"__name__":"x","":"y"}';
    assert.deepEqual(await read(letter.letterId), { ...letter, attributesJson });
  });
});
