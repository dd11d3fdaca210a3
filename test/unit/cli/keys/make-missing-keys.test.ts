import assert from "node:assert/strict";
import { makeMissingKeys } from "../../../../cli/src/keys/make-missing-keys.ts";
import { readConfig } from "../../../../engine/src/functions/config.ts";

const NOW = new Date("2026-11-27T19:45:00.000Z");

function project(known: Record<string, string>) {
  const values = new Map(Object.entries(known));
  return {
    values,
    hasValue: async (name: string) => values.has(name),
    add: async (name: string, value: string) => void values.set(name, value),
  };
}

describe("the keys of webhooks", () => {
  it("are made as the functions take them", async () => {
    const secrets = project({});
    assert.deepEqual(await makeMissingKeys(secrets, NOW), ["WEBHOOK_MASTER_SECRET", "WEBHOOK_ENCRYPTION_KEYS"]);
    const environment = { GCLOUD_PROJECT: "a-project", BATON_REGION: "europe-west1" };
    const { webhooks } = readConfig({ ...environment, ...Object.fromEntries(secrets.values) });
    assert.equal(webhooks.masterSecret.length, 64);
    assert.match(webhooks.encryptionKeys, /^20261127T194500:[\w+/]{43}=$/);
  });

  it("are others in each project", async () => {
    const [one, other] = [project({}), project({})];
    await makeMissingKeys(one, NOW);
    await makeMissingKeys(other, NOW);
    for (const [name, value] of one.values) assert.notEqual(value, other.values.get(name));
  });

  it("stay as they are where they have a value", async () => {
    const secrets = project({ WEBHOOK_MASTER_SECRET: "kept" });
    assert.deepEqual(await makeMissingKeys(secrets, NOW), ["WEBHOOK_ENCRYPTION_KEYS"]);
    assert.deepEqual(await makeMissingKeys(secrets, NOW), []);
    assert.equal(secrets.values.get("WEBHOOK_MASTER_SECRET"), "kept");
  });

  it("have the names that the Firebase CLI gives the secrets of a kit's instance", async () => {
    const made = await makeMissingKeys(project({}), NOW, "main");
    assert.deepEqual(made, ["kit-main-WEBHOOK_MASTER_SECRET", "kit-main-WEBHOOK_ENCRYPTION_KEYS"]);
  });

  it("are not made while nobody can say whether they have a value", async () => {
    const secrets = project({});
    const hasValue = () => Promise.reject(new Error("no rights"));
    await assert.rejects(makeMissingKeys({ ...secrets, hasValue }, NOW), /no rights/);
    assert.equal(secrets.values.size, 0);
  });
});
