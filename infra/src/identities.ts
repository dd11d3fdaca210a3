import { projects, serviceaccount } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/** Who the deployed functions run as, `baton-<name>`: each as itself, the workers of all queues as `worker`. */
export const FUNCTIONS = ["api", "worker", "wake", "notify", "deliver", "bury", "sweep"] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/**
 * Eventarc delivers an event in the name of the function's own account, which therefore has to receive events and to
 * invoke. Project-wide, because the services exist only after the first `firebase deploy`; and Cloud Run knows no
 * IAM condition on a service's name.
 */
const EVENT_ROLES = ["roles/eventarc.eventReceiver", "roles/run.invoker"] as const;

/**
 * Roles on the project. Topics and secrets are granted one by one, where they are declared. Checking ID tokens needs
 * no role: the keys are public. Nor does logging: the platform collects what a function prints.
 */
const PROJECT_ROLES: Record<FunctionName, readonly string[]> = {
  api: ["roles/datastore.user"],
  worker: ["roles/datastore.user", ...EVENT_ROLES],
  wake: ["roles/datastore.user", ...EVENT_ROLES],
  notify: ["roles/datastore.user", ...EVENT_ROLES],
  deliver: ["roles/datastore.user", ...EVENT_ROLES],
  bury: ["roles/datastore.user", ...EVENT_ROLES],
  // The Firebase CLI lets the scheduler's caller, this account, invoke the service it deploys.
  sweep: ["roles/datastore.user"],
};

export type Identities = Record<FunctionName, serviceaccount.Account>;

/** One service account per kind of function, with the least it needs on the project. */
export function declareIdentities(projectId: string, options: CustomResourceOptions): Identities {
  return {
    api: declareIdentity("api", projectId, options),
    worker: declareIdentity("worker", projectId, options),
    wake: declareIdentity("wake", projectId, options),
    notify: declareIdentity("notify", projectId, options),
    deliver: declareIdentity("deliver", projectId, options),
    bury: declareIdentity("bury", projectId, options),
    sweep: declareIdentity("sweep", projectId, options),
  };
}

function declareIdentity(name: FunctionName, projectId: string, options: CustomResourceOptions) {
  const accountId = `baton-${name}`;
  const account = new serviceaccount.Account(accountId, { accountId, displayName: `Baton ${name} function` }, options);
  for (const role of PROJECT_ROLES[name]) {
    const grant = `${accountId}-${role.slice("roles/".length)}`;
    new projects.IAMMember(grant, { project: projectId, role, member: account.member }, options);
  }
  return account;
}
