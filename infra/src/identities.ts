import { projects, serviceaccount } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { Plan } from "./plan.ts";

/** The service accounts, by id. */
export type Identities = ReadonlyMap<string, serviceaccount.Account>;

/** Declares the service accounts that the functions run as, each with the least that it needs on the project. */
export function declareIdentities(
  accounts: Plan["accounts"],
  projectId: string,
  options: CustomResourceOptions,
): Identities {
  return new Map(
    [...accounts].map(([accountId, roles]) => [accountId, declareIdentity(accountId, roles, projectId, options)]),
  );
}

function declareIdentity(
  accountId: string,
  roles: readonly string[],
  projectId: string,
  options: CustomResourceOptions,
): serviceaccount.Account {
  const displayName = "A function of Baton";
  const account = new serviceaccount.Account(accountId, { accountId, displayName }, options);
  for (const role of roles) {
    const grant = `${accountId}-${role.slice("roles/".length)}`;
    new projects.IAMMember(grant, { project: projectId, role, member: account.member }, options);
  }
  return account;
}

/** The IAM members of these accounts, with their ids. Throws when one of them is not declared. */
export function membersOf(identities: Identities, accountIds: readonly string[]) {
  return accountIds.map((accountId) => {
    const account = identities.get(accountId);
    if (account === undefined) throw new Error(`The service account ${accountId} is not declared.`);
    return { accountId, member: account.member };
  });
}
