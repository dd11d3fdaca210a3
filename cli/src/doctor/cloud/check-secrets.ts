import { randomBytes } from "node:crypto";
import { z } from "zod";
import { byHand, type Finding, type Fix } from "../finding.ts";
import { type GcloudCommand, typed } from "../gcloud.ts";
import { ask, type Cloud } from "./cloud.ts";

const Secrets = z.array(z.looseObject({ name: z.string() }));

/** The secrets that Baton itself can make: random, and known to nobody. */
const MADE: Readonly<Record<string, GcloudCommand["input"]>> = {
  WEBHOOK_MASTER_SECRET: {
    shown: 'printf %s "$(openssl rand -base64 32)"',
    make: () => randomBytes(32).toString("base64"),
  },
  WEBHOOK_ENCRYPTION_KEYS: {
    shown: 'printf key1:%s "$(openssl rand -base64 32)"',
    make: () => `key1:${randomBytes(32).toString("base64")}`,
  },
};

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
  const make = MADE[secret];
  // A new value for a secret that was there would make unreadable what the old one sealed.
  if (make === undefined || exists) return byHand(`firebase functions:secrets:set ${secret} --project ${project}`);
  const command: GcloudCommand = {
    args: ["secrets", "create", secret, "--replication-policy=automatic", "--data-file=-", `--project=${project}`],
    input: make,
  };
  return { kind: "gcloud", command: typed(command), run: [command] };
}
