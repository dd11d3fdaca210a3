import type { DeployedFunction } from "./deployed-functions.ts";
import { policyOf, updateArguments } from "./subscription-policy.ts";

/** Runs gcloud with these arguments. Resolves with its output, trimmed; rejects when it fails. */
export type Gcloud = (args: readonly string[]) => Promise<string>;

/** The deployment whose subscriptions are meant. */
export interface Deployment {
  projectId: string;
  /** Region of the functions. */
  region: string;
  functions: readonly DeployedFunction[];
}

/**
 * The gcloud commands, in order, that give each event function's subscription its policy. Reads through `gcloud` and
 * changes nothing. Throws when a function has no subscription yet: `firebase deploy` makes it.
 */
export async function planSubscriptions(deployment: Deployment, gcloud: Gcloud): Promise<string[][]> {
  const commands: string[][] = [];
  for (const { name, kind } of deployment.functions.filter(({ hasSubscription }) => hasSubscription)) {
    const subscription = await findSubscription(name, deployment, gcloud);
    const policy = policyOf(kind);
    // Pub/Sub checks no grant when the policy is set. Without this grant, dead letters would stay in the subscription.
    if (policy.maxDeliveryAttempts !== undefined) {
      commands.push(grantArguments(subscription, await readProjectNumber(deployment, gcloud)));
    }
    commands.push(updateArguments(subscription, policy, deployment.projectId));
  }
  return commands;
}

/** Finds a subscription through its function: Eventarc chooses its name, again for each trigger that it makes. */
async function findSubscription(name: string, { projectId, region }: Deployment, gcloud: Gcloud): Promise<string> {
  const project = `--project=${projectId}`;
  const trigger = await gcloud([
    ...["functions", "describe", name, "--v2", `--region=${region}`],
    ...[project, "--format=value(eventTrigger.trigger)"],
  ]);
  if (trigger === "") throw new Error(`the function ${name} in ${region} has no event trigger; deploy it first`);
  const subscription = await gcloud([
    ...["eventarc", "triggers", "describe", trigger],
    ...[project, "--format=value(transport.pubsub.subscription)"],
  ]);
  if (!subscription.startsWith("projects/")) throw new Error(`the trigger ${trigger} names no Pub/Sub subscription`);
  return subscription;
}

async function readProjectNumber({ projectId }: Deployment, gcloud: Gcloud): Promise<string> {
  const number = await gcloud(["projects", "describe", projectId, "--format=value(projectNumber)"]);
  if (!/^\d+$/.test(number)) throw new Error(`gcloud gave no number for the project ${projectId}`);
  return number;
}

/** Lets Pub/Sub's service agent acknowledge a message once it has moved it to the dead-letter topic. */
function grantArguments(subscription: string, projectNumber: string): string[] {
  const agent = `serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
  return [
    ...["pubsub", "subscriptions", "add-iam-policy-binding", subscription],
    ...[`--member=${agent}`, "--role=roles/pubsub.subscriber"],
  ];
}
