import assert from "node:assert/strict";
import { type Gcloud, planSubscriptions } from "../src/plan-subscriptions.ts";

const WORKER_SUBSCRIPTION = "projects/demo-project/subscriptions/eventarc-us-central1-worker-123456-sub-789";
const NOTIFY_SUBSCRIPTION = "projects/demo-project/subscriptions/eventarc-nam5-notify-654321-sub-987";

/** What gcloud prints for each read, by a word that only that read has. */
const ANSWERS = {
  "functions describe worker": "projects/demo-project/locations/us-central1/triggers/worker-123456",
  "functions describe notify": "projects/demo-project/locations/nam5/triggers/notify-654321",
  "triggers/worker-123456": WORKER_SUBSCRIPTION,
  "triggers/notify-654321": NOTIFY_SUBSCRIPTION,
  "projects describe demo-project": "1234567890",
};

function fakeGcloud(answers: Record<string, string> = ANSWERS): Gcloud & { asked: string[] } {
  const asked: string[] = [];
  const gcloud = async (args: readonly string[]) => {
    const command = args.join(" ");
    asked.push(command);
    const known = Object.entries(answers).find(([words]) => command.includes(words));
    if (!known) throw new Error(`unexpected: ${command}`);
    return known[1];
  };
  return Object.assign(gcloud, { asked });
}

const DEPLOYMENT = { projectId: "demo-project", region: "us-central1" };

describe("planSubscriptions", () => {
  it("grants Pub/Sub the worker's subscription, then sets both policies", async () => {
    const commands = await planSubscriptions(DEPLOYMENT, fakeGcloud());
    assert.deepEqual(
      commands.map((args) => args.join(" ")),
      [
        `pubsub subscriptions add-iam-policy-binding ${WORKER_SUBSCRIPTION}` +
          " --member=serviceAccount:service-1234567890@gcp-sa-pubsub.iam.gserviceaccount.com" +
          " --role=roles/pubsub.subscriber",
        `pubsub subscriptions update ${WORKER_SUBSCRIPTION} --ack-deadline=600` +
          " --min-retry-delay=10s --max-retry-delay=600s --message-retention-duration=7d --expiration-period=never" +
          " --dead-letter-topic=projects/demo-project/topics/jobs-dead --max-delivery-attempts=100",
        `pubsub subscriptions update ${NOTIFY_SUBSCRIPTION} --ack-deadline=600` +
          " --min-retry-delay=10s --max-retry-delay=600s --message-retention-duration=7d --expiration-period=never" +
          " --clear-dead-letter-policy",
      ],
    );
  });

  it("only reads while it plans", async () => {
    const gcloud = fakeGcloud();
    await planSubscriptions(DEPLOYMENT, gcloud);
    assert.equal(gcloud.asked.length, 5);
    assert.ok(gcloud.asked.every((command) => / describe /.test(command)));
  });

  it("leaves the push endpoint that Eventarc made alone", async () => {
    const commands = await planSubscriptions(DEPLOYMENT, fakeGcloud());
    assert.deepEqual(
      commands.flat().filter((argument) => argument.includes("push")),
      [],
    );
  });

  it("says which function to deploy when one has no trigger", async () => {
    const gcloud = fakeGcloud({ ...ANSWERS, "functions describe notify": "" });
    await assert.rejects(planSubscriptions(DEPLOYMENT, gcloud), /notify in us-central1 has no event trigger/);
  });

  it("refuses what is no subscription's name", async () => {
    const gcloud = fakeGcloud({ ...ANSWERS, "triggers/worker-123456": "" });
    await assert.rejects(planSubscriptions(DEPLOYMENT, gcloud), /names no Pub\/Sub subscription/);
  });
});
