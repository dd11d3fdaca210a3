import { declareInfrastructure } from "./infrastructure.ts";
import { DEPLOYED_FOLDER, readManifest } from "./manifest.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings();
const outputs = declareInfrastructure(settings, await readManifest(DEPLOYED_FOLDER, settings.projectId));

/** The e-mail address of each service account that functions run as, by its id. */
export const { serviceAccounts } = outputs;
/** The subscription in which copies of dead letters wait for a person. */
export const { deadLetterSubscription } = outputs;
/** The region of the functions: the parameter BATON_REGION of `firebase deploy`. */
export const { region } = settings;
