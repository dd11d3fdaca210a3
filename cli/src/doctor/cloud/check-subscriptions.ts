import { z } from "zod";
import { FUNCTION_NAMES, type FunctionName } from "../../../../engine/src/functions/function-names.ts";
import { policyOf, type SubscriptionPolicy, updateArguments } from "../../../../infra/src/subscription-policy.ts";
import type { Finding } from "../finding.ts";
import { typed } from "../gcloud.ts";
import { ask, type Cloud, type DeployedFunction } from "./cloud.ts";

const Triggers = z.array(
  z.looseObject({
    name: z.string(),
    transport: z.looseObject({ pubsub: z.looseObject({ subscription: z.string().optional() }).optional() }).optional(),
  }),
);
const Subscriptions = z.array(
  z.looseObject({
    name: z.string(),
    ackDeadlineSeconds: z.number().default(10),
    messageRetentionDuration: z.string().default(""),
    retryPolicy: z
      .looseObject({ minimumBackoff: z.string().default(""), maximumBackoff: z.string().default("") })
      .optional(),
    deadLetterPolicy: z.looseObject({ maxDeliveryAttempts: z.number().default(0) }).optional(),
  }),
);
type Subscription = z.infer<typeof Subscriptions>[number];

/** Checks retries, retention and dead letters of the subscriptions that Eventarc made for the functions. */
export async function checkSubscriptions({ gcloud, project, functions }: Cloud): Promise<Finding[]> {
  const withTrigger = functions.filter(({ trigger }) => trigger !== undefined);
  if (withTrigger.length === 0) return [];
  const triggers = await ask(
    gcloud,
    ["eventarc", "triggers", "list", "--location=-", `--project=${project}`],
    Triggers,
  );
  const subscriptions = await ask(gcloud, ["pubsub", "subscriptions", "list", `--project=${project}`], Subscriptions);
  return withTrigger.flatMap((each) => {
    const trigger = triggers.find(({ name }) => name === each.trigger);
    const subscription = subscriptions.find(({ name }) => name === trigger?.transport?.pubsub?.subscription);
    return subscription === undefined ? [] : checkPolicy(each, subscription, project);
  });
}

function checkPolicy({ name }: DeployedFunction, subscription: Subscription, project: string): Finding[] {
  const kind = kindOf(name);
  if (kind === undefined) return [];
  const policy = policyOf(kind);
  const differences = differencesOf(subscription, policy);
  if (differences.length === 0) return [];
  const command = { args: [...updateArguments(subscription.name, policy, project), `--project=${project}`] };
  return [
    {
      code: "subscriptions.policy",
      severity: "advice",
      message: `The subscription of ${name} differs from the policy that Baton is tuned for: ${differences.join(", ")}.`,
      ifLeft: "The sweep makes up for what this loses; a long outage costs more calls, and dead letters come later.",
      fix: { kind: "gcloud", command: typed(command), run: [command] },
    },
  ];
}

function kindOf(name: string): FunctionName | undefined {
  const [, first] = name.split("-");
  return FUNCTION_NAMES.find((each) => each === first);
}

function differencesOf(subscription: Subscription, policy: SubscriptionPolicy): string[] {
  const { retryPolicy, deadLetterPolicy } = subscription;
  const seconds = (duration: string | undefined) => Number.parseFloat(duration ?? "");
  const compared: readonly (readonly [what: string, is: number, wanted: number])[] = [
    ["acknowledgement deadline (s)", subscription.ackDeadlineSeconds, policy.ackDeadlineSeconds],
    ["shortest retry delay (s)", seconds(retryPolicy?.minimumBackoff), policy.minRetryDelaySeconds],
    ["longest retry delay (s)", seconds(retryPolicy?.maximumBackoff), policy.maxRetryDelaySeconds],
    ["retention (days)", seconds(subscription.messageRetentionDuration) / 86_400, policy.retentionDays],
    ["deliveries before a dead letter", deadLetterPolicy?.maxDeliveryAttempts ?? 0, policy.maxDeliveryAttempts ?? 0],
  ];
  return compared.flatMap(([what, is, wanted]) =>
    is === wanted ? [] : [`${what} ${Number.isNaN(is) ? "unset" : is}, not ${wanted}`],
  );
}
