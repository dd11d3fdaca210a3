import assert from "node:assert/strict";
import sinon from "sinon";
import { type FirebaseAnswer, firebaseSecrets } from "../../../../cli/src/keys/firebase-secrets.ts";

const NAME = "WEBHOOK_MASTER_SECRET";

function secretsThatAnswer(answer: FirebaseAnswer) {
  const run = sinon.fake.resolves(answer);
  return { run, secrets: firebaseSecrets("a-project", run) };
}

const printed = (value: object, exitCode = 0): FirebaseAnswer => ({
  exitCode,
  output: JSON.stringify(value, null, 2),
  errors: "",
});

describe("the secrets of a project, by the Firebase CLI", () => {
  it("have a value when they have a version", async () => {
    const versions = { status: "success", result: { secrets: [{ versionId: "1", state: "ENABLED" }] } };
    const { run, secrets } = secretsThatAnswer(printed(versions));
    assert.equal(await secrets.hasValue(NAME), true);
    const args = ["functions:secrets:get", NAME, "--project", "a-project", "--non-interactive", "--json"];
    assert.deepEqual(run.args, [[args, ""]]);
  });

  it("have none when they have no version, or are not there", async () => {
    const empty = secretsThatAnswer(printed({ status: "success", result: { secrets: [] } }));
    assert.equal(await empty.secrets.hasValue(NAME), false);
    const error = "Request to ... had HTTP Error: 404, Secret [projects/1/secrets/X] not found.";
    assert.equal(await secretsThatAnswer(printed({ status: "error", error }, 1)).secrets.hasValue(NAME), false);
  });

  for (const answer of [
    printed({ status: "error", error: "HTTP Error: 403, Permission denied" }, 1),
    printed({ status: "error", error: "Failed to authenticate, have you run firebase login?" }, 1),
    { exitCode: 1, output: "", errors: "Error: something else\n" },
    { exitCode: 0, output: "{}", errors: "" },
  ]) {
    it(`are not taken for absent after ${`${answer.output}${answer.errors}`.replaceAll(/\s+/g, " ").trim()}`, async () => {
      await assert.rejects(
        secretsThatAnswer(answer).secrets.hasValue(NAME),
        /cannot say whether WEBHOOK_MASTER_SECRET/,
      );
    });
  }

  it("get a value through the CLI's input, which no list of processes shows", async () => {
    const { run, secrets } = secretsThatAnswer({ exitCode: 0, output: "", errors: "" });
    await secrets.add(NAME, "s3cret");
    const args = ["functions:secrets:set", NAME, "--project", "a-project", "--non-interactive", "--data-file", "-"];
    assert.deepEqual(run.args, [[args, "s3cret"]]);
  });

  it("reject a value that was not stored", async () => {
    const { secrets } = secretsThatAnswer({ exitCode: 1, output: "", errors: "Error: HTTP Error: 403\n" });
    await assert.rejects(secrets.add(NAME, "s3cret"), /did not store WEBHOOK_MASTER_SECRET: Error: HTTP Error: 403/);
  });
});
