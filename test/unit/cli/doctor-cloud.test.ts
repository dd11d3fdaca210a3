import assert from "node:assert/strict";
import { checkCloud } from "../../../cli/src/doctor/check-cloud.ts";
import { runFixes } from "../../../cli/src/doctor/fix.ts";
import type { Gcloud, GcloudAnswer } from "../../../cli/src/doctor/gcloud.ts";
import { typed } from "../../../cli/src/doctor/gcloud.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { deployment, type Recorded } from "../../support/gcloud-answers.ts";

/** A gcloud that answers from a recording: the longest begin of the arguments that it has. */
function recorded(answers: Recorded): Gcloud & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    run: async ({ args }) => {
      const text = args.join(" ");
      calls.push(text);
      const known = Object.keys(answers)
        .filter((begin) => text.startsWith(begin))
        .sort((a, b) => b.length - a.length);
      const value = answers[known[0] ?? ""];
      return value === undefined
        ? { outcome: "failed", reason: `ERROR: no answer to ${text}` }
        : { outcome: "ok", value };
    },
  };
}

const find = (answers: Recorded) => checkCloud(recorded(answers), "shop-prod", "(default)");
const codesOf = async (answers: Recorded) => (await find(answers)).map(({ code }) => code);

describe("doctor, by gcloud,", () => {
  it("finds nothing where all is as deployed", async () => assert.deepEqual(await find(deployment()), []));

  it("asks about the project that is meant, and for versions of secrets that are enabled", async () => {
    const gcloud = recorded(deployment());
    await checkCloud(gcloud, "shop-prod", "(default)");
    assert.ok(gcloud.calls.length >= 10);
    for (const call of gcloud.calls) {
      assert.match(call, /shop-prod/);
      if (call.startsWith("secrets versions")) assert.match(call, / --filter=state=ENABLED /);
    }
  });

  const cases: [what: string, codes: string[], change: (answers: ReturnType<typeof deployment>) => void][] = [
    ["an API that is off", ["apis.disabled"], (it) => void it["services list"].splice(0, 1)],
    ["a function that is not deployed", ["functions.missing"], (it) => void it["functions list"].pop()],
    [
      "a function that failed",
      ["functions.failed"],
      (it) => void Object.assign(it["functions list"][0] ?? {}, { state: "FAILED" }),
    ],
    [
      "functions in two regions",
      ["functions.regions"],
      (it) =>
        void it["functions list"].push({
          ...it["functions list"][0],
          name: "projects/shop-prod/locations/us-east1/functions/baton-api",
        }),
    ],
    ["a database that is not there", ["database.missing"], (it) => void it["firestore databases list"].pop()],
    ["an index that is not there", ["indexes.unbuilt"], (it) => void it["firestore indexes composite list"].pop()],
    [
      "an index that is being built",
      ["indexes.unbuilt"],
      (it) => void Object.assign(it["firestore indexes composite list"][0] ?? {}, { state: "CREATING" }),
    ],
    ["a TTL policy that is off", ["ttl.inactive"], (it) => void it["firestore fields ttls list"].pop()],
    ["a secret that is not there", ["secrets.missing"], (it) => void it["secrets list"].pop()],
    [
      "a secret without a version",
      ["secrets.missing"],
      (it) => void Object.assign(it, { "secrets versions list WEBHOOK_MASTER_SECRET": [] }),
    ],
    [
      "a subscription with Eventarc's own policy",
      ["subscriptions.policy"],
      (it) =>
        void Object.assign(it["pubsub subscriptions list"][0] ?? {}, {
          messageRetentionDuration: "86400s",
          deadLetterPolicy: undefined,
        }),
    ],
    [
      "a role that another account has",
      ["roles.missing"],
      (it) =>
        void Object.assign(it["projects get-iam-policy"].bindings[0] ?? {}, { members: ["user:ada@example.com"] }),
    ],
    ["an account without a role", ["roles.missing"], (it) => void it["projects get-iam-policy"].bindings.pop()],
  ];
  for (const [what, codes, change] of cases) {
    it(`finds ${what}`, async () => {
      const answers = deployment();
      change(answers);
      assert.deepEqual(await codesOf(answers), codes);
    });
  }

  for (const [outcome, fix] of [
    ["missing", /Install/],
    ["logged-out", /gcloud auth login/],
  ] as const) {
    it(`says in one finding that gcloud is ${outcome}`, async () => {
      const answer: GcloudAnswer = { outcome };
      const findings = await checkCloud({ run: async () => answer }, "shop-prod", "(default)");
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["gcloud.unusable"],
      );
      assert.match(findings[0]?.fix.command ?? "", fix);
    });
  }

  it("goes on with the other checks when one may not be asked", async () => {
    const { "secrets list": _, ...answers } = deployment();
    answers["services list"].splice(0, 1);
    assert.deepEqual(await codesOf(answers), ["apis.disabled", "gcloud.unusable"]);
  });

  it("shows commands that a shell takes as they are", async () => {
    assert.equal(typed({ args: ["a", "--filter=it's (new)"] }), "gcloud a '--filter=it'\\''s (new)'");
  });
});

describe("doctor --fix, by gcloud,", () => {
  it("runs each command after a yes, and no other", async () => {
    const answers = deployment();
    answers["secrets list"].splice(0);
    const findings = await find(answers);
    const gcloud = recorded({ "secrets create": null });
    const { terminal, asked } = fakeTerminal([false, true]);
    await runFixes(findings, { yes: false, json: false }, terminal, gcloud);
    assert.equal(asked.length, 2);
    assert.deepEqual(gcloud.calls, [
      "secrets create WEBHOOK_ENCRYPTION_KEYS --replication-policy=automatic --data-file=- --project=shop-prod",
    ]);
  });

  it("makes secrets that it does not show, and that the engine takes", async () => {
    const answers = deployment();
    answers["secrets list"].splice(0);
    const inputs = (await find(answers))
      .flatMap(({ fix }) => (fix.kind === "gcloud" ? fix.run : []))
      .map(({ input }) => input?.make() ?? "");
    assert.match(inputs[0] ?? "", /^[\w+/]{64}$/);
    assert.match(inputs[1] ?? "", /^\d{8}T\d{6}:[\w+/]{43}=$/);
  });
});
