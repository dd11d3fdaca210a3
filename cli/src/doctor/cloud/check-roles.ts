import { z } from "zod";
import type { Finding } from "../finding.ts";
import { typed } from "../gcloud.ts";
import { ask, type Cloud, type DeployedFunction } from "./cloud.ts";

const Policy = z.looseObject({
  bindings: z.array(z.looseObject({ role: z.string(), members: z.array(z.string()).default([]) })).default([]),
});

/** Roles that contain all that a function needs. */
const BROAD = ["roles/owner", "roles/editor"];
/** Roles that contain another one. */
const CONTAINED: Readonly<Record<string, readonly string[]>> = {
  "roles/datastore.user": ["roles/datastore.owner", "roles/firebase.admin"],
  "roles/run.invoker": ["roles/run.admin"],
};

/** Checks that the accounts of the functions may use Firestore, and receive their events. */
export async function checkRoles({ gcloud, project, functions }: Cloud): Promise<Finding[]> {
  if (functions.length === 0) return [];
  const { bindings } = await ask(gcloud, ["projects", "get-iam-policy", project], Policy);
  const accounts = new Map<string, Set<string>>();
  for (const each of functions) {
    const needed = accounts.get(each.serviceAccount) ?? new Set<string>();
    for (const role of rolesOf(each)) needed.add(role);
    accounts.set(each.serviceAccount, needed);
  }
  return [...accounts].flatMap(([account, needed]) => {
    const member = `serviceAccount:${account}`;
    const held = bindings.filter(({ members }) => members.includes(member)).map(({ role }) => role);
    const missing = [...needed].filter(
      (role) => ![role, ...BROAD, ...(CONTAINED[role] ?? [])].some((one) => held.includes(one)),
    );
    return missing.map((role) => roleMissing(account, role, project));
  });
}

function rolesOf({ trigger }: DeployedFunction): string[] {
  return [
    "roles/datastore.user",
    ...(trigger === undefined ? [] : ["roles/eventarc.eventReceiver", "roles/run.invoker"]),
  ];
}

function roleMissing(account: string, role: string, project: string): Finding {
  const command = {
    args: [
      "projects",
      "add-iam-policy-binding",
      project,
      `--member=serviceAccount:${account}`,
      `--role=${role}`,
      "--condition=None",
    ],
  };
  return {
    code: "roles.missing",
    severity: "error",
    message: `The account ${account} does not have the role ${role}.`,
    ifLeft:
      role === "roles/datastore.user"
        ? "Its functions cannot read or write jobs."
        : "Events do not reach its functions: jobs do not run.",
    fix: { kind: "gcloud", command: typed(command), run: [command] },
  };
}
