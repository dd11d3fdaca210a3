import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { memoryAlertStore } from "../../engine/src/testing/memory-alert-store.ts";
import { memoryEndpointStore } from "../../engine/src/testing/memory-endpoint-store.ts";
import { firestoreAlertStore } from "../../engine/src/webhooks/firestore/alert-store.ts";
import { firestoreEndpointStore } from "../../engine/src/webhooks/firestore/endpoint-store.ts";
import { firestoreMail } from "../../engine/src/webhooks/firestore/mail.ts";
import type { AlertStore, EndpointStore } from "../../engine/src/webhooks/ports.ts";
import { secretBox } from "../../engine/src/webhooks/signing/secret-box.ts";
import { openFirestore } from "../support/firestore.ts";
import { anAlert, giveAlert } from "../support/webhooks.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";
import { onBoth, T0 } from "./both-webhook-stores.ts";

interface Alerts {
  alerts: AlertStore;
  endpoints: EndpointStore;
}

function openAlerts(db: Firestore): Alerts {
  const box = secretBox(`test:${Buffer.alloc(32, 7).toString("base64")}`);
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  return { alerts: firestoreAlertStore(db), endpoints: firestoreEndpointStore(db, box, log) };
}

function openMemoryAlerts(): Alerts {
  const alerts = memoryAlertStore();
  return { alerts, endpoints: memoryEndpointStore(alerts) };
}

onBoth<Alerts>("an alert store", openMemoryAlerts, openAlerts, (stores) => {
  it("gives back what was written with an endpoint's health", async () => {
    const [one, other] = stores();
    const { percent: _, failingSince: __, ...least } = anAlert({ kind: "recovered" });
    for (const alert of [anAlert(), { ...least, alertId: randomUUID() }]) {
      await giveAlert(one.endpoints, alert);
      assert.deepEqual(await other.alerts.read(alert.alertId), alert);
    }
    assert.equal(await one.alerts.read(randomUUID()), undefined);
  });

  it("settles an alert, again and again, and one that is gone", async () => {
    const [one, other] = stores();
    const { dueAt: _, ...settled } = anAlert();
    await giveAlert(one.endpoints, anAlert(settled));
    for (let i = 0; i < 2; i++) await other.alerts.settle(settled.alertId);
    assert.deepEqual(await one.alerts.read(settled.alertId), settled);
    const gone = randomUUID();
    await one.alerts.settle(gone);
    assert.equal(await other.alerts.read(gone), undefined);
  });
});

describe("alerts in Firestore", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
  });
  after(() => db.terminate());

  it("an alert is a document that its owner can list", async () => {
    const alert = anAlert({ owner: "ann" });
    await giveAlert(openAlerts(db).endpoints, alert);
    const fields = (await db.doc(`batonAlerts/${alert.alertId}`).get()).data();
    assert.deepEqual([fields?.owner, fields?.percent, fields?.createdAt.toDate()], ["ann", 50, T0]);
  });

  it("a message is handed to the e-mail extension once, in the form it reads", async () => {
    const mail = firestoreMail(db, "mail");
    const message = {
      messageId: randomUUID(),
      owner: "ann",
      endpointId: "e1",
      createdAt: T0,
      subject: "Your endpoint",
      text: "It fails.",
    };
    const document = db.doc(`mail/${message.messageId}`);
    await mail.send(message);
    await document.update({ delivery: { state: "SUCCESS" } });
    await mail.send({ ...message, text: "again" });
    assert.deepEqual((await document.get()).data(), {
      toUids: ["ann"],
      message: { subject: "Your endpoint", text: "It fails." },
      baton: { owner: "ann", endpointId: "e1", createdAt: Timestamp.fromDate(T0) },
      delivery: { state: "SUCCESS" },
    });
  });
});
