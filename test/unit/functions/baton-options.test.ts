import assert from "node:assert/strict";
import { createBaton, defineJob } from "@baton/engine";
import { setGlobalOptions } from "firebase-functions";
import { defineInt, defineString } from "firebase-functions/params";
import { afterEach, before } from "mocha";
import { z } from "zod";
import { sdk } from "../../../engine/src/functions/sdk.ts";

const greeting = defineJob({
  type: "greet",
  input: z.object({ name: z.string() }),
  output: z.object({ text: z.string() }),
  run: async (_, { name }) => ({ text: `Hello, ${name}!` }),
});
const jobs = [greeting];

/** Calls `createBaton` as JavaScript does, which no type checks. */
const createUnchecked = (options: unknown): unknown => Reflect.apply(createBaton, undefined, [options]);

/** Options that are wrong in one place, and what the deploy says. */
const WRONG: [options: unknown, sentence: string][] = [
  [undefined, "its options have to be an object, as in createBaton({ jobs: [greeting] })."],
  [{}, "jobs is missing; it has to be a list of job types, as in createBaton({ jobs: [greeting] })."],
  [{ jobs: [{ type: "a" }] }, 'jobs.0 is {"type":"a"}; it has to be a job type: make it with defineJob.'],
  [{ jobs, job: [] }, 'there is no option "job". Correct its name, or leave it out.'],
  [
    { jobs, queues: { Heavy: {} } },
    'queues.Heavy is {}; it is not the name of a queue: 1 to 20 lower-case letters and digits, a letter first, and not "dead".',
  ],
  [
    { jobs, queues: { dead: {} } },
    'queues.dead is {}; it is not the name of a queue: 1 to 20 lower-case letters and digits, a letter first, and not "dead".',
  ],
  [
    { jobs, queues: { heavy: { memory: "3GiB" } } },
    'queues.heavy.memory is "3GiB"; it has to be one of 512MiB, 1GiB, 2GiB, 4GiB, 8GiB, 16GiB, 32GiB.',
  ],
  [{ jobs, queues: { heavy: { cpu: 3 } } }, "queues.heavy.cpu is 3; it has to be one of 1, 2, 4, 6, 8."],
  [
    { jobs, queues: { heavy: { maxInstances: 0 } } },
    "queues.heavy.maxInstances is 0; it has to be a whole number from 1 to 1000.",
  ],
  [
    { jobs, queues: { heavy: { concurrency: 1.5 } } },
    "queues.heavy.concurrency is 1.5; it has to be a whole number from 1 to 1000.",
  ],
  [
    { jobs, queues: { heavy: { timeoutSeconds: 3600 } } },
    "queues.heavy.timeoutSeconds is 3600; it has to be a whole number from 60 to 540.",
  ],
  [
    { jobs, queues: { heavy: { timeout: 60 } } },
    'queues.heavy has no option "timeout". Correct its name, or leave it out.',
  ],
  [{ jobs, tiers: { pro: { endpoints: 200 } } }, "tiers.pro.endpoints is 200; too big: expected number to be <=100."],
  [
    { jobs, region: "Europe" },
    'region is "Europe"; it has to be the name of a region: lower-case words, hyphens and a number.',
  ],
  [{ jobs, database: "X" }, 'database is "X"; it has to be the name of a Firestore database, such as (default).'],
  [{ jobs, maxInstances: 2000 }, "maxInstances is 2000; it has to be a whole number from 1 to 1000."],
  [{ jobs, maxInstances: { api: "many" } }, 'maxInstances.api is "many"; it has to be a whole number from 1 to 1000.'],
  [{ jobs, webhooks: true }, "webhooks is true; it has to be an object, such as {}."],
  [
    { jobs, webhooks: { ownHosts: ["https://a.example"] } },
    'webhooks.ownHosts.0 is "https://a.example"; it is not a host.',
  ],
  [{ jobs, mailCollection: "batonJobs" }, 'mailCollection is "batonJobs"; it is a collection that Baton keeps.'],
  [{ jobs, filesBucket: "gs://a" }, 'filesBucket is "gs://a"; it is not the name of a bucket.'],
  [
    { jobs, eventTypes: ["job.done"] },
    'eventTypes.0 is "job.done"; it has to be one of job.queued, job.started, job.progress, job.completed, job.failed, job.cancelled.',
  ],
  [
    { jobs, serviceAccount: "me@example.com" },
    'serviceAccount is "me@example.com"; it has to be "managed" or a function that gives an e-mail for the name of a function.',
  ],
];

/** What the Firebase CLI reads of a function. */
function endpointOf(baton: Readonly<Record<string, object>>, name: string) {
  return JSON.parse(JSON.stringify(Reflect.get(baton[name] ?? {}, "__endpoint")));
}

describe("the options of a deployment", () => {
  before(() => setGlobalOptions({}));
  afterEach(() => setOptions({}));

  for (const [options, sentence] of WRONG) {
    it(`stop the deploy where they are wrong: ${sentence}`, () => {
      assert.throws(() => createUnchecked(options), { message: `createBaton: ${sentence}` });
    });
  }

  it("may all be missing but the job types: then no function has a secret", () => {
    const baton = createBaton({ jobs });
    for (const name of Object.keys(baton)) {
      assert.deepEqual(endpointOf(baton, name).secretEnvironmentVariables ?? [], [], name);
    }
  });

  it("give secrets to the functions that sign webhooks, where there are webhooks", () => {
    const baton = createBaton({ jobs, webhooks: {} });
    const secrets = Object.keys(baton).map((name) => [name, endpointOf(baton, name).secretEnvironmentVariables ?? []]);
    const both = [{ key: "WEBHOOK_MASTER_SECRET" }, { key: "WEBHOOK_ENCRYPTION_KEYS" }];
    assert.deepEqual(Object.fromEntries(secrets), {
      api: both,
      worker: [],
      wake: [],
      notify: both,
      deliver: both,
      bury: [],
      sweep: [],
    });
  });

  it("take parameters, whose values the CLI puts in", () => {
    const baton = createBaton({
      jobs,
      queues: { default: { maxInstances: defineInt("WORKERS"), memory: defineInt("WORKER_MIB") } },
      database: defineString("DATABASE"),
      maxInstances: defineInt("INSTANCES"),
    });
    const { maxInstances, availableMemoryMb } = endpointOf(baton, "worker");
    assert.deepEqual([maxInstances, availableMemoryMb], ["params.WORKERS", "params.WORKER_MIB"]);
    assert.equal(endpointOf(baton, "api").maxInstances, "params.INSTANCES");
    assert.equal(endpointOf(baton, "notify").eventTrigger.eventFilters.database, "params.DATABASE");
  });

  it("limit the instances of every function by one number, but for the workers", () => {
    const baton = createBaton({ jobs, maxInstances: 3 });
    const limits = Object.keys(baton).map((name) => [name, endpointOf(baton, name).maxInstances]);
    assert.deepEqual(Object.fromEntries(limits), {
      api: 3,
      worker: 100,
      wake: 3,
      notify: 3,
      deliver: 3,
      bury: 3,
      sweep: 3,
    });
  });

  it("name the region first, then setGlobalOptions does, then the parameter BATON_REGION", () => {
    assert.deepEqual(endpointOf(createBaton({ jobs }), "api").region, "params.BATON_REGION");
    setOptions({ region: "us-east1" });
    assert.deepEqual(endpointOf(createBaton({ jobs }), "api").region, ["us-east1"]);
    assert.deepEqual(endpointOf(createBaton({ jobs, region: "europe-west1" }), "api").region, ["europe-west1"]);
  });

  it("ask for the roles that Baton needs where one account is managed, and refuse another account beside it", () => {
    createBaton({ jobs, serviceAccount: "managed" });
    setOptions({ serviceAccount: "me@" });
    assert.throws(() => createBaton({ jobs, serviceAccount: "managed" }), {
      message:
        'createBaton: serviceAccount is "managed", and setGlobalOptions names an account; the Firebase CLI refuses both. Leave one of them out.',
    });
  });
});

/** Replaces what was given to `setGlobalOptions`, which a codebase calls once. */
function setOptions(options: object): void {
  const known = sdk("options").getGlobalOptions();
  for (const name of Object.keys(known)) Reflect.deleteProperty(known, name);
  Object.assign(known, options);
}
