import { checkApis } from "./cloud/check-apis.ts";
import { checkDatabase } from "./cloud/check-database.ts";
import { checkFunctions } from "./cloud/check-functions.ts";
import { checkRoles } from "./cloud/check-roles.ts";
import { checkSecrets } from "./cloud/check-secrets.ts";
import { checkSubscriptions } from "./cloud/check-subscriptions.ts";
import { type Cloud, CloudError, listFunctions } from "./cloud/cloud.ts";
import { byHand, type Finding } from "./finding.ts";
import type { Gcloud } from "./gcloud.ts";

const CHECKS: readonly ((cloud: Cloud) => Finding[] | Promise<Finding[]>)[] = [
  checkApis,
  checkFunctions,
  checkDatabase,
  checkSecrets,
  checkSubscriptions,
  checkRoles,
];

/** Checks a deployed installation by gcloud's own login. What cannot be asked is a finding, too. It changes nothing. */
export async function checkCloud(gcloud: Gcloud, project: string, database: string): Promise<Finding[]> {
  try {
    const functions = await listFunctions(gcloud, project);
    const cloud = { project, database, functions, gcloud };
    const findings: Finding[] = [];
    for (const check of CHECKS) findings.push(...(await checked(() => check(cloud), project)));
    return findings;
  } catch (error) {
    return [unusable(error, project)];
  }
}

async function checked(check: () => Finding[] | Promise<Finding[]>, project: string): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    return [unusable(error, project)];
  }
}

function unusable(error: unknown, project: string): Finding {
  if (!(error instanceof CloudError)) throw error;
  const fixes = {
    missing: "Install it: https://cloud.google.com/sdk/docs/install",
    "logged-out": "gcloud auth login",
    failed: `Ask for the role roles/viewer in ${project}, or enable the API that the message names.`,
  };
  return {
    code: "gcloud.unusable",
    severity: "error",
    message: error.message,
    ifLeft: `The project ${project} was not checked, or not all of it.`,
    fix: byHand(fixes[error.outcome]),
  };
}
