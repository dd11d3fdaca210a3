import assert from "node:assert/strict";
import type { JsonValue } from "@baton/protocol";
import type { GcloudAnswer, GcloudCommand } from "../../../../cli/src/doctor/gcloud.ts";
import { gcloudSecrets } from "../../../../cli/src/keys/gcloud-secrets.ts";

const NAME = "kit-main-WEBHOOK_MASTER_SECRET";
const ok = (value: JsonValue): GcloudAnswer => ({ outcome: "ok", value });
const THERE = ok([{ name: `projects/1/secrets/${NAME}` }]);
const OTHERS = ok([{ name: "projects/1/secrets/WEBHOOK_MASTER_SECRET" }]);

/** The secrets of a project whose gcloud gives these answers, and what it was asked. */
function secretsWith(answers: GcloudAnswer[]) {
  const asked: string[] = [];
  const run = async ({ args, input }: GcloudCommand): Promise<GcloudAnswer> => {
    asked.push([...args, ...(input ? [`< ${input.make()}`] : [])].join(" "));
    return answers.shift() ?? { outcome: "failed", reason: "not asked for" };
  };
  return { secrets: gcloudSecrets({ run }, "a-project"), asked };
}

describe("the secrets of a function kit", () => {
  const cases: [what: string, hasValue: boolean, answers: GcloudAnswer[]][] = [
    ["has no value where others have", false, [OTHERS]],
    ["has no value without a version", false, [THERE, ok([])]],
    ["has a value with a version", true, [THERE, ok([{ name: "projects/1/secrets/x/versions/2" }])]],
  ];
  for (const [what, expected, answers] of cases) {
    it(`say that one ${what}`, async () => {
      assert.equal(await secretsWith(answers).secrets.hasValue(NAME), expected);
    });
  }

  it("store a value under the very name, through the input", async () => {
    const { secrets, asked } = secretsWith([OTHERS, ok(null)]);
    await secrets.add(NAME, "v");
    assert.deepEqual(
      asked[1],
      `secrets create ${NAME} --replication-policy=automatic --data-file=- --project=a-project < v`,
    );
  });

  it("store the first version of a secret that is there", async () => {
    const { secrets, asked } = secretsWith([THERE, ok(null)]);
    await secrets.add(NAME, "v");
    assert.deepEqual(asked[1], `secrets versions add ${NAME} --data-file=- --project=a-project < v`);
  });

  it("cannot be known without a login, or rights", async () => {
    const loggedOut = secretsWith([{ outcome: "logged-out" }]).secrets.hasValue(NAME);
    await assert.rejects(loggedOut, /cannot be listed: gcloud has no login: gcloud auth login$/);
    const refused = secretsWith([THERE, { outcome: "failed", reason: "denied" }]).secrets.hasValue(NAME);
    await assert.rejects(refused, /cannot be listed: denied$/);
    const add = secretsWith([OTHERS, { outcome: "failed", reason: "denied" }]).secrets.add(NAME, "v");
    await assert.rejects(add, /gcloud did not store kit-main-WEBHOOK_MASTER_SECRET: denied$/);
  });
});
