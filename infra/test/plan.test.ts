import assert from "node:assert/strict";
import { deployedFunctions } from "../src/deployed-functions.ts";
import { planResources } from "../src/plan.ts";
import { policyOf } from "../src/subscription-policy.ts";
import { FUNCTIONS, MANIFEST } from "./functions.ts";

const ACCOUNT = "baton-worker@{{ params.PROJECT_ID }}.iam.gserviceaccount.com";

/** The deployment with one queue more, as one line in createBaton makes it: a worker with its topic. */
const WITH_QUEUE = deployedFunctions({
  endpoints: {
    ...MANIFEST.endpoints,
    "baton-worker-mail": {
      serviceAccountEmail: ACCOUNT,
      secretEnvironmentVariables: [{ key: "MAIL_PASSWORD" }],
      eventTrigger: { eventFilters: { topic: "baton-jobs-mail" } },
    },
  },
});

describe("planResources", () => {
  it("plans the topic of a new queue, and lets every function that moves jobs publish to it", () => {
    assert.deepEqual(planResources(WITH_QUEUE).topics.get("baton-jobs-mail"), [
      "baton-api",
      "baton-worker",
      "baton-wake",
      "baton-bury",
      "baton-sweep",
    ]);
  });

  it("lets the account of a new queue's worker read the secrets of its job types", () => {
    assert.deepEqual(planResources(WITH_QUEUE).secrets.get("MAIL_PASSWORD"), ["baton-worker"]);
  });

  it("gives the subscription of a new queue's worker dead letters", () => {
    const worker = WITH_QUEUE.find(({ name }) => name === "baton-worker-mail");
    assert.equal(worker?.hasSubscription, true);
    assert.equal(worker?.kind, "worker");
    assert.equal(policyOf("worker").maxDeliveryAttempts, 100);
  });

  it("plans nothing else for a new queue", () => {
    const [before, after] = [planResources(FUNCTIONS), planResources(WITH_QUEUE)];
    assert.deepEqual([...after.accounts], [...before.accounts]);
    assert.deepEqual(
      [...after.topics.keys()].filter((topic) => !before.topics.has(topic)),
      ["baton-jobs-mail"],
    );
  });

  it("refuses a topic that is none of Baton's", () => {
    const [first] = FUNCTIONS;
    assert.ok(first);
    assert.throws(() => planResources([{ ...first, topic: "orders" }]), /orders is none of Baton's topics/);
  });
});

describe("deployedFunctions", () => {
  it("refuses a function that is none of Baton's", () => {
    const manifest = { endpoints: { "baton-workers": { serviceAccountEmail: ACCOUNT } } };
    assert.throws(() => deployedFunctions(manifest), /baton-workers is none of Baton's functions/);
  });

  for (const email of [null, "someone@example.com", "baton-worker@other.iam.gserviceaccount.com"]) {
    it(`refuses a function that runs as ${email ?? "the project's default account"}`, () => {
      const manifest = { endpoints: { "baton-worker": { serviceAccountEmail: email } } };
      assert.throws(() => deployedFunctions(manifest), /baton-worker has no service account of its own/);
    });
  }
});

describe("policyOf", () => {
  it("lets a delivery take longer than its function may run", () => {
    for (const { name, kind } of FUNCTIONS.filter(({ hasSubscription }) => hasSubscription)) {
      const endpoint = MANIFEST.endpoints[name] ?? {};
      const timeout = "timeoutSeconds" in endpoint ? endpoint.timeoutSeconds : undefined;
      assert.ok(typeof timeout === "number" && policyOf(kind).ackDeadlineSeconds > timeout, name);
    }
  });
});
