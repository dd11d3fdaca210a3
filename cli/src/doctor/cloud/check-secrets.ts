import { z } from "zod";
import { webhookKeyOf } from "../../keys/webhook-keys.ts";
import { byHand, type Finding, type Fix } from "../finding.ts";
import type { GcloudCommand } from "../gcloud.ts";
import { ask, type Cloud } from "./cloud.ts";

const Secrets = z.array(z.looseObject({ name: z.string() }));

/** Checks that each secret which a deployed function asks for has a version that it can read. */
export async function checkSecrets({ gcloud, project, functions }: Cloud): Promise<Finding[]> {
  const asked = [...new Set(functions.flatMap(({ secrets }) => secrets))];
  if (asked.length === 0) return [];
  const listed = await ask(gcloud, ["secrets", "list", `--project=${project}`], Secrets);
  const existing = new Set(listed.map(({ name }) => name.split("/").at(-1) ?? ""));
  const findings = asked.map(async (secret): Promise<Finding[]> => {
    const exists = existing.has(secret);
    const list = ["secrets", "versions", "list", secret, "--filter=state=ENABLED", `--project=${project}`];
    if (exists && (await ask(gcloud, list, Secrets)).length > 0) return [];
    return [
      {
        code: "secrets.missing",
        severity: "error",
        message: `The secret ${secret} ${exists ? "has no version that is enabled" : "does not exist"}.`,
        ifLeft: "The functions that ask for it do not start.",
        fix: fixOf(secret, exists, project),
      },
    ];
  });
  return (await Promise.all(findings)).flat();
}

function fixOf(secret: string, exists: boolean, project: string): Fix {
  const known = webhookKeyOf(secret);
  // A new value for a secret that was there would make unreadable what the old one sealed.
  if (known === undefined || exists) return byHand(`firebase functions:secrets:set ${secret} --project ${project}`);
  const { key, kit } = known;
  const create: GcloudCommand = {
    args: ["secrets", "create", secret, "--replication-policy=automatic", "--data-file=-", `--project=${project}`],
    input: { shown: "a new random value", make: () => key.newValue(new Date()) },
  };
  const ofKit = kit === undefined ? "" : ` --kit ${kit}`;
  return { kind: "gcloud", command: `npx @baton/cli keys --project ${project}${ofKit}`, run: [create] };
}
