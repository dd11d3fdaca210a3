import { isParameter } from "../job-types/setting.ts";
import type { BatonOptions, LimitedFunction } from "./baton-options.ts";
import type { FunctionName } from "./function-names.ts";
import { type FunctionOptions, isRunning, sdk, webhookSecrets } from "./sdk.ts";

/** A team's options for its functions: for all, and for each. */
export interface FunctionSettings {
  region: FunctionOptions["region"];
  /** The Firestore database whose documents are watched. */
  database: NonNullable<BatonOptions["database"]>;
  /** Secrets of the functions that sign webhooks, or read and write endpoints. */
  webhookSecrets: NonNullable<FunctionOptions["secrets"]>;
  of(name: FunctionName): FunctionOptions;
}

/**
 * Gives the settings of functions by a team's options. A process that runs a function declares nothing, so there only the
 * options themselves count. Throws when `setGlobalOptions` contradicts them.
 */
export function functionSettings(options: BatonOptions): FunctionSettings {
  const { serviceAccount, database = "(default)" } = options;
  if (!isRunning() && serviceAccount === "managed") requireRoles(options);
  return {
    region: isRunning() ? undefined : regionOf(options),
    database,
    webhookSecrets: options.webhooks && !isRunning() ? webhookSecrets() : [],
    of(name) {
      const maxInstances = name === "worker" ? undefined : instancesOf(options, name);
      return {
        ...(maxInstances !== undefined && { maxInstances }),
        ...(typeof serviceAccount === "function" && { serviceAccount: serviceAccount(name) }),
      };
    },
  };
}

function instancesOf({ maxInstances }: BatonOptions, name: LimitedFunction) {
  const isForAll = typeof maxInstances !== "object" || isParameter(maxInstances);
  return isForAll ? maxInstances : maxInstances[name];
}

function regionOf({ region }: BatonOptions): FunctionOptions["region"] {
  if (region !== undefined) return region;
  const { region: globalRegion } = sdk("options").getGlobalOptions();
  if (Array.isArray(globalRegion)) {
    throw new Error(
      "createBaton: setGlobalOptions names several regions, and Baton's functions run in one. Give createBaton a region.",
    );
  }
  return globalRegion ?? sdk("params").defineString("BATON_REGION", { label: "Region of Baton's functions" });
}

/** The roles of all functions together on the project, and the APIs that they call. */
const ROLES = [
  "roles/datastore.user",
  "roles/pubsub.publisher",
  "roles/eventarc.eventReceiver",
  "roles/run.invoker",
] as const;
/** Writes and reads files, and signs the URLs of uploads and downloads. */
const FILE_ROLES = ["roles/storage.objectUser", "roles/iam.serviceAccountTokenCreator"] as const;
const APIS = ["firestore.googleapis.com", "pubsub.googleapis.com"] as const;

function requireRoles({ filesBucket }: BatonOptions): void {
  if (sdk("options").getGlobalOptions().serviceAccount !== undefined) {
    throw new Error(
      'createBaton: serviceAccount is "managed", and setGlobalOptions names an account; the Firebase CLI refuses both. Leave one of them out.',
    );
  }
  const hasFiles = filesBucket !== undefined || Boolean(process.env.FILES_BUCKET);
  for (const role of [...ROLES, ...(hasFiles ? FILE_ROLES : [])]) sdk("all").requiresRole(role);
  for (const api of APIS) sdk("all").requiresAPI(api, "Baton keeps jobs in Firestore and sends messages by Pub/Sub.");
}
