import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { firestoreEndpointStore } from "../../engine/src/webhooks/firestore/endpoint-store.ts";
import { secretBox } from "../../engine/src/webhooks/signing/secret-box.ts";
import { testCloud } from "../support/cloud.ts";
import { openFirestore } from "../support/firestore.ts";
import { anEndpoint, aSecret } from "../support/webhooks.ts";
import { codeBlocks, ROOT } from "../unit/examples/markdown.ts";

const PROJECT = "demo-encryption-keys";
const OLD_KEY = `20260101T000000:${Buffer.alloc(32, 1).toString("base64")}`;
const KEYS = `20260301T000000:${Buffer.alloc(32, 2).toString("base64")},${OLD_KEY}`;
const SOON = new Date("2026-03-01T00:01:00.000Z");
const NOW = new Date("2026-03-01T00:00:00.000Z");

describe("docs/operations.md, on encryption keys", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore(PROJECT);
  });
  after(() => db.terminate());
  const storeWith = (keys: string) => {
    const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
    return firestoreEndpointStore(db, secretBox(keys), log);
  };

  /** The output of the document's commands: the answer to each query. */
  async function askWhatIsOlder(): Promise<{ count: string; names: string[] }> {
    const document = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
    const block = codeBlocks(document).find(({ info }) => info === "sh sealed-with-older-keys");
    assert.ok(block, "the document has no such commands");
    const firestore = `http://${testCloud().firestoreHost}`;
    const env = { PATH: process.env.PATH, FIRESTORE: firestore, TOKEN: "owner", PROJECT, KEYS };
    const { stdout } = await promisify(execFile)("sh", ["-c", block.text], { env });
    const [count, found] = JSON.parse(`[${stdout.replace(/\]\s*\[/, "],[")}]`);
    const root = `projects/${PROJECT}/databases/(default)/documents/`;
    const names = found.flatMap(
      ({ document }: { document?: { name: string } }) => document?.name.replace(root, "") ?? [],
    );
    return { count: count[0].result.aggregateFields.count.integerValue, names };
  }

  it("counts and names what older keys sealed, until it was replaced", async () => {
    const [before, after] = [storeWith(OLD_KEY), storeWith(KEYS)];
    const [old, young] = [anEndpoint(), anEndpoint({ headerNames: ["x-key"] })];
    const secret = aSecret();
    await before.create(old, secret, { "x-key": "1" }, 5);
    await after.create(young, aSecret(), { "x-key": "1" }, 5);
    const secrets = `batonEndpoints/${old.endpointId}/batonSecrets`;
    const expected = [`${secrets}/${secret.secretId}`, `${secrets}/headers`].sort();
    const found = await askWhatIsOlder();
    assert.deepEqual([found.count, found.names.sort()], ["2", expected]);

    await after.change(old.endpointId, { headers: { "x-key": "2" } }, NOW);
    await after.rotate(old.endpointId, aSecret(), SOON, NOW);
    assert.deepEqual(await askWhatIsOlder(), { count: "1", names: [`${secrets}/${secret.secretId}`] });

    await after.rotate(old.endpointId, aSecret(), SOON, SOON);
    assert.deepEqual(await askWhatIsOlder(), { count: "0", names: [] });
  });
});
