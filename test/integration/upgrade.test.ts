import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { testCloud } from "../support/cloud.ts";
import { openFirestore } from "../support/firestore.ts";
import { waitFor } from "../support/wait-for.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { ReleaseState, restoreDocuments } from "../upgrade/release-state.ts";
import { KEY } from "../upgrade/situations.ts";

/** Longer than every wait that was recorded. */
const AGO_MS = 2 * 3_600_000;
const FOLDER = join(import.meta.dirname, "../upgrade/releases");
const RELEASES = globSync("*.json", { cwd: FOLDER }).map((name) =>
  ReleaseState.parse(JSON.parse(readFileSync(join(FOLDER, name), "utf8"))),
);

for (const state of RELEASES) {
  describe(`an upgrade from release ${state.release}, whose functions stopped two hours ago`, () => {
    let db: Firestore;
    let receiver: WebhookReceiver;
    before(async () => {
      db = openFirestore();
      receiver = await startWebhookReceiver();
      await restoreDocuments(testCloud(), state, { agoMs: AGO_MS, receiverUrl: receiver.url });
    });
    after(async () => {
      await db.terminate();
      await receiver.stop();
    });

    for (const [jobId, { situation, ends }] of Object.entries(state.jobs)) {
      it(`finishes the job that was "${situation}" as ${ends}, with one result`, async () => {
        const result = await waitFor(`the result of ${jobId}`, async () =>
          (await db.doc(`batonResults/${jobId}`).get()).data(),
        );
        const job = (await db.doc(`batonJobs/${jobId}`).get()).data();
        assert.deepEqual([job?.status, result.status], [ends, ends]);
      });
    }

    it("repeats no step that had ended", () => {
      const steps = testCloud().youtube.requests.map(({ query }) => query.id);
      assert.equal(steps.filter((id) => id === `${KEY}-running-step-1`).length, 0);
      assert.ok(steps.includes(`${KEY}-running-step-2`));
    });

    it("sends the webhook that was not sent, once", async () => {
      await waitFor("the webhook", async () => receiver.received.length > 0);
      assert.deepEqual(
        receiver.received.map(({ path }) => path),
        ["/told"],
      );
    });
  });
}
