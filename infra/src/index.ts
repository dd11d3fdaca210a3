import { enableApis } from "./apis.ts";
import { declareDatabase } from "./database.ts";
import { declareIdentities } from "./identities.ts";
import { declareRetention } from "./retention.ts";
import { declareSecrets } from "./secrets.ts";
import { readSettings } from "./settings.ts";
import { declareTopics } from "./topics.ts";

const settings = readSettings();
const options = { dependsOn: enableApis() };

const database = declareDatabase(settings.databaseLocation, options);
declareRetention(database, options);
const identities = declareIdentities(settings.projectId, options);
declareSecrets(identities, options);
const topics = declareTopics(identities, settings.deadLetterDays, options);

/** The service account that each function runs as; the workers of all queues share one. */
export const serviceAccounts = {
  api: identities.api.email,
  worker: identities.worker.email,
  wake: identities.wake.email,
  notify: identities.notify.email,
  deliver: identities.deliver.email,
  bury: identities.bury.email,
  sweep: identities.sweep.email,
};
/** Where copies of dead letters wait for a person. */
export const deadLetterSubscription = topics.kept.name;
