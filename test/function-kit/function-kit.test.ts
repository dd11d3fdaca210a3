import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBatonClient } from "@baton/client";
import { after, before } from "mocha";
import { z } from "zod";
import { readProject } from "../../local/project/project.ts";
import { type LocalCloud, startCloud } from "../../local/start-cloud.ts";
import { signIn } from "../../local/users.ts";
import { waitFor } from "../support/wait-for.ts";
import { installKit, type Plan, PROJECT_ID, planDeployment } from "./install-kit.ts";

const Greeting = z.object({ text: z.string() });

interface Types {
  greeting: { input: { name: string }; output: { text: string } };
}

/** The second has the longest name that the CLI takes. */
const LONGEST = "an-instance-whose-name-has-40-characters";
const REGIONS = { main: "europe-west1", [LONGEST]: "us-central1" };
const NAMES = ["api", "bury", "deliver", "notify", "sweep", "wake", "worker"];

const endpointsOf = (plan: Plan | undefined) => Object.values(plan?.regions ?? {}).flat();

/** Topics and secrets: what a project has once of each name. */
function sharedNames(plan: Plan | undefined): string[] {
  return endpointsOf(plan).flatMap(({ eventTrigger, secretEnvironmentVariables }) => [
    ...(eventTrigger?.eventFilters?.topic === undefined ? [] : [eventTrigger.eventFilters.topic]),
    ...(secretEnvironmentVariables ?? []).map(({ secret }) => secret),
  ]);
}

/** Submits a job to the API of an instance; answers the text of its result. */
async function greet(cloud: LocalCloud, instance: string): Promise<string> {
  const { addresses } = cloud;
  const api = cloud.functions().find(({ spec }) => spec.name === `kit-${instance}-baton-api`);
  assert.ok(api, `there is no API of ${instance}`);
  const token = await signIn(addresses.authHost, "ada");
  const client = createBatonClient<Types>({ apiUrl: api.url, getToken: async () => token });
  const { jobId } = await client.submit("greeting", { name: instance });
  await waitFor("the job to end", async () => (await client.job(jobId)).finishedAt !== undefined);
  return Greeting.parse((await client.result(jobId)).output).text;
}

describe("the engine as a function kit with two instances", () => {
  let root: string;
  let plans: Record<string, Plan>;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "baton-kit-"));
    await installKit(root, REGIONS);
    plans = await planDeployment(root, REGIONS);
  });
  after(() => rm(root, { recursive: true, force: true }));

  for (const [instance, region] of Object.entries(REGIONS)) {
    it(`deploys the functions of ${instance} with its prefix, to the region of its settings`, () => {
      assert.deepEqual(Object.keys(plans[instance]?.regions ?? {}), [region]);
      const ids = endpointsOf(plans[instance]).map(({ id }) => id);
      assert.deepEqual(
        ids.toSorted(),
        NAMES.map((name) => `kit-${instance}-baton-${name}`),
      );
      assert.ok(ids.every((id) => id.length <= 63));
    });

    it(`asks for the region and the database before it deploys ${instance}, and nothing else`, () => {
      assert.deepEqual(plans[instance]?.asked, ["FUNCTION_DEFAULT_REGION", "BATON_DATABASE"]);
    });

    it(`listens to the database of ${instance}`, () => {
      const databases = endpointsOf(plans[instance]).flatMap(({ eventTrigger }) => {
        const { database } = eventTrigger?.eventFilters ?? {};
        return database === undefined ? [] : [database];
      });
      assert.deepEqual(databases, [instance]);
    });

    it(`leaves the service account of ${instance} to the CLI`, () => {
      assert.ok(endpointsOf(plans[instance]).every(({ serviceAccount }) => (serviceAccount ?? null) === null));
    });
  }

  it("runs a job of each instance, all on one local cloud", async () => {
    const cloud = await startCloud({ project: await readProject(root, PROJECT_ID), ports: "auto" });
    try {
      for (const instance of Object.keys(REGIONS)) assert.equal(await greet(cloud, instance), `Hello, ${instance}!`);
    } finally {
      await cloud.stop();
    }
  });

  it("gives no two instances a topic or a secret of one name", () => {
    const names = new Set(sharedNames(plans.main));
    assert.ok(names.size > 5, "four topics and two secrets");
    assert.deepEqual(
      sharedNames(plans[LONGEST]).filter((name) => names.has(name)),
      [],
    );
  });
});
