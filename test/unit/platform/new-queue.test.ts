import assert from "node:assert/strict";
import { createBaton, defineJob } from "@baton/engine";
import { z } from "zod";
import { deployedFunctions } from "../../../infra/src/deployed-functions.ts";
import { planResources } from "../../../infra/src/plan.ts";

const mail = defineJob({
  type: "mail.send",
  input: z.object({}),
  output: z.object({}),
  queue: "mail",
  secrets: ["MAIL_PASSWORD"],
  run: () => Promise.resolve({}),
});

/** The functions of a deployment with a queue `mail`, as the Firebase CLI reads them. */
function functionsWithMail() {
  const baton = createBaton({
    jobs: [mail],
    queues: { mail: {} },
    serviceAccount: (name) => `baton-${name}@{{ params.PROJECT_ID }}.iam.gserviceaccount.com`,
  });
  const endpoints = Object.entries(baton).map(([name, made]) => [`baton-${name}`, Reflect.get(made, "__endpoint")]);
  return deployedFunctions({ endpoints: JSON.parse(JSON.stringify(Object.fromEntries(endpoints))) });
}

describe("a new queue", () => {
  it("is one line in createBaton: its worker, topic, grants and secrets follow", () => {
    const functions = functionsWithMail();
    assert.deepEqual(
      functions.find(({ name }) => name === "baton-worker-mail"),
      {
        name: "baton-worker-mail",
        kind: "worker",
        account: "baton-worker",
        secrets: ["MAIL_PASSWORD"],
        hasSubscription: true,
        topic: "baton-jobs-mail",
      },
    );
    const { accounts, topics, secrets } = planResources(functions);
    assert.deepEqual([...accounts.keys()].sort(), [
      "baton-api",
      "baton-bury",
      "baton-deliver",
      "baton-notify",
      "baton-sweep",
      "baton-wake",
      "baton-worker",
    ]);
    assert.deepEqual([...topics.keys()].sort(), [
      "baton-deliveries",
      "baton-events",
      "baton-jobs-dead",
      "baton-jobs-default",
      "baton-jobs-mail",
      "baton-wakes",
    ]);
    assert.deepEqual(topics.get("baton-jobs-mail"), [
      "baton-api",
      "baton-worker",
      "baton-wake",
      "baton-bury",
      "baton-sweep",
    ]);
    assert.deepEqual(secrets.get("MAIL_PASSWORD"), ["baton-worker"]);
  });
});
