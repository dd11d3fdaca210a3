import { enableApis } from "./apis.ts";
import { declareDatabase } from "./database.ts";
import { deployedFunctions } from "./deployed-functions.ts";
import { declareIdentities } from "./identities.ts";
import type { Manifest } from "./manifest.ts";
import { planResources } from "./plan.ts";
import { declareRetention } from "./retention.ts";
import { declareSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { declareTopics } from "./topics.ts";

/** Declares every resource of a deployment whose functions have this manifest. Answers the stack's outputs. */
export function declareInfrastructure(settings: Settings, manifest: Manifest) {
  const plan = planResources(deployedFunctions(manifest));
  const options = { dependsOn: enableApis() };
  const database = declareDatabase(settings.databaseLocation, options);
  declareRetention(database, options);
  const identities = declareIdentities(plan.accounts, settings.projectId, options);
  declareSecrets(plan.secrets, identities, options);
  const { kept } = declareTopics(plan.topics, identities, settings.deadLetterDays, options);
  return {
    serviceAccounts: Object.fromEntries([...identities].map(([accountId, { email }]) => [accountId, email])),
    deadLetterSubscription: kept.name,
  };
}
