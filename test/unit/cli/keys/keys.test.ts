import assert from "node:assert/strict";
import sinon from "sinon";
import { keys } from "../../../../cli/src/commands/keys.ts";

const command = { projectId: "a-project", json: false };
const printer = () => ({ print: sinon.fake(), warn: sinon.fake() });

describe("baton keys", () => {
  it("says what it made, and never a value", async () => {
    const [terminal, add] = [printer(), sinon.fake.resolves(undefined)];
    assert.equal(await keys(command, terminal, { hasValue: async () => false, add }), 0);
    const sentence = "Made in a-project: WEBHOOK_MASTER_SECRET, WEBHOOK_ENCRYPTION_KEYS.";
    assert.deepEqual(terminal.print.args, [[sentence]]);
  });

  it("makes nothing where everything is there", async () => {
    const [terminal, add] = [printer(), sinon.fake.resolves(undefined)];
    assert.equal(await keys({ ...command, json: true }, terminal, { hasValue: async () => true, add }), 0);
    assert.deepEqual([terminal.print.args, add.callCount], [[['{"outcome":"ok","made":[]}']], 0]);
  });

  it("names the secrets of a kit's instance as the Firebase CLI does", async () => {
    const [terminal, add] = [printer(), sinon.fake.resolves(undefined)];
    await keys({ ...command, kit: "main" }, terminal, { hasValue: async () => false, add });
    assert.deepEqual(
      add.args.map(([name]) => name),
      ["kit-main-WEBHOOK_MASTER_SECRET", "kit-main-WEBHOOK_ENCRYPTION_KEYS"],
    );
  });

  it("stops a deploy when it cannot know whether they are there", async () => {
    const terminal = printer();
    const hasValue = () => Promise.reject(new Error("no rights"));
    assert.equal(await keys(command, terminal, { hasValue, add: sinon.fake() }), 1);
    assert.deepEqual(terminal.warn.args, [["no rights"]]);
  });
});
