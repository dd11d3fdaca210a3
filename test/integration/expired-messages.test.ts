import assert from "node:assert/strict";
import { createBatonClient } from "@baton/client";
import type { JsonValue } from "@baton/protocol";
import { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { signIn } from "../../local/users.ts";
import { testCloud } from "../support/cloud.ts";
import { randomOwner } from "../support/jobs.ts";
import { buildTestBundles } from "../support/test-bundles.ts";
import { waitFor } from "../support/wait-for.ts";

interface Types {
  "test.echo": { input: JsonValue; output: JsonValue };
}

describe("a cloud whose messages expire, and have no dead letters, as Eventarc leaves them", () => {
  let cloud: LocalCloud;
  let db: Firestore;
  before(async () => {
    cloud = await startLocalCloud({
      ports: "auto",
      codebases: await buildTestBundles(),
      env: { YOUTUBE_API_BASE_URL: testCloud().youtube.baseUrl, MESSAGE_LOST_MS: "1000" },
      retryMinMs: 50,
      retentionMs: 2000,
      scheduledMinuteMs: 1000,
      console: false,
    });
    const { projectId, firestoreHost } = cloud.addresses;
    db = new Firestore({
      projectId,
      host: firestoreHost,
      ssl: false,
      customHeaders: { Authorization: "Bearer owner" },
    });
  });
  after(async () => {
    await db?.terminate();
    await cloud?.stop();
  });

  const statOf = (name: string, stat: "delivered" | "failed" | "expired") => cloud.stats()[name]?.[stat] ?? 0;

  it("gives up a message that fails every delivery, repeats it no more, and runs its job once it can be read", async () => {
    const token = await signIn(cloud.addresses.authHost, randomOwner());
    const client = createBatonClient<Types>({ apiUrl: cloud.addresses.apiUrl, getToken: async () => token });
    cloud.killFunction("baton-worker", "SIGSTOP");
    const { jobId } = await client.submit("test.echo", "hello");
    const job = db.doc(`batonJobs/${jobId}`);
    await job.update({ attempt: "many" });
    cloud.killFunction("baton-worker", "SIGCONT");
    await waitFor("the message to expire", async () => statOf("baton-worker", "expired") > 0);
    const [failures, sweeps] = [statOf("baton-worker", "failed"), statOf("baton-sweep", "delivered")];
    assert.ok(failures > 1);
    await waitFor("five sweeps", async () => statOf("baton-sweep", "delivered") >= sweeps + 5);
    assert.equal(statOf("baton-worker", "failed"), failures);
    await job.update({ attempt: 0, "engine.dueAt": new Date() });
    await waitFor("the job to end", async () => (await client.job(jobId)).status === "completed");
  });
});
