import assert from "node:assert/strict";
import { type Gcloud, planSubscriptions } from "../src/plan-subscriptions.ts";
import { FUNCTIONS } from "./functions.ts";

/** The subscription that Eventarc made for each function. */
const SUBSCRIPTIONS = {
  "baton-worker": "projects/demo-project/subscriptions/eventarc-europe-west1-baton-worker-123456-sub-789",
  "baton-worker-heavy": "projects/demo-project/subscriptions/eventarc-europe-west1-baton-worker-heavy-223456-sub-780",
  "baton-wake": "projects/demo-project/subscriptions/eventarc-europe-west1-baton-wake-523456-sub-783",
  "baton-notify": "projects/demo-project/subscriptions/eventarc-eur3-baton-notify-654321-sub-987",
  "baton-deliver": "projects/demo-project/subscriptions/eventarc-europe-west1-baton-deliver-323456-sub-781",
  "baton-bury": "projects/demo-project/subscriptions/eventarc-europe-west1-baton-bury-423456-sub-782",
};

/** The output of gcloud for each read, by words that only that read has. */
const ANSWERS = {
  "projects describe demo-project": "1234567890",
  ...Object.fromEntries(
    Object.entries(SUBSCRIPTIONS).flatMap(([name, subscription]) => [
      [`functions describe ${name} `, `projects/demo-project/locations/europe-west1/triggers/${name}-trigger`],
      [`triggers/${name}-trigger`, subscription],
    ]),
  ),
};

/** The commands for a function whose messages become dead letters. */
function queueCommands(subscription: string): string[] {
  return [
    `pubsub subscriptions add-iam-policy-binding ${subscription}` +
      " --member=serviceAccount:service-1234567890@gcp-sa-pubsub.iam.gserviceaccount.com" +
      " --role=roles/pubsub.subscriber",
    `pubsub subscriptions update ${subscription} --ack-deadline=600` +
      " --min-retry-delay=10s --max-retry-delay=600s --message-retention-duration=7d --expiration-period=never" +
      " --dead-letter-topic=projects/demo-project/topics/baton-jobs-dead --max-delivery-attempts=100",
  ];
}

/** The command for a function whose messages are retried until their retention ends. */
function retriedCommand(subscription: string): string {
  return (
    `pubsub subscriptions update ${subscription} --ack-deadline=600` +
    " --min-retry-delay=10s --max-retry-delay=600s --message-retention-duration=7d --expiration-period=never" +
    " --clear-dead-letter-policy"
  );
}

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

const DEPLOYMENT = { projectId: "demo-project", region: "europe-west1", functions: FUNCTIONS };

describe("planSubscriptions", () => {
  it("grants Pub/Sub the workers' subscriptions, and sets every function's policy", async () => {
    const commands = await planSubscriptions(DEPLOYMENT, fakeGcloud());
    assert.deepEqual(
      commands.map((args) => args.join(" ")),
      [
        ...queueCommands(SUBSCRIPTIONS["baton-worker"]),
        ...queueCommands(SUBSCRIPTIONS["baton-worker-heavy"]),
        `pubsub subscriptions update ${SUBSCRIPTIONS["baton-wake"]} --ack-deadline=180` +
          " --min-retry-delay=10s --max-retry-delay=60s --message-retention-duration=1d --expiration-period=never" +
          " --clear-dead-letter-policy",
        retriedCommand(SUBSCRIPTIONS["baton-deliver"]),
        retriedCommand(SUBSCRIPTIONS["baton-bury"]),
        retriedCommand(SUBSCRIPTIONS["baton-notify"]),
      ],
    );
  });

  it("only reads while it plans", async () => {
    const gcloud = fakeGcloud();
    await planSubscriptions(DEPLOYMENT, gcloud);
    assert.equal(gcloud.asked.length, 14);
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
    const gcloud = fakeGcloud({ ...ANSWERS, "functions describe baton-notify ": "" });
    await assert.rejects(planSubscriptions(DEPLOYMENT, gcloud), /baton-notify in europe-west1 has no event trigger/);
  });

  it("refuses a name that is not a subscription's", async () => {
    const gcloud = fakeGcloud({ ...ANSWERS, "triggers/baton-worker-trigger": "" });
    await assert.rejects(planSubscriptions(DEPLOYMENT, gcloud), /names no Pub\/Sub subscription/);
  });
});
