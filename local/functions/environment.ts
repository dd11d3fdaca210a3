import { type FunctionSpec, signatureOf } from "../manifest/manifest.ts";
import { bucketOf } from "../secrets.ts";

/** Settings that are the same for every function of one cloud. */
export interface FunctionSettings {
  projectId: string;
  /** The emulators' hosts, each `address:port`. */
  hosts: { firestore: string; pubsub: string; auth: string; tasks: string };
  /** Values for the secrets that functions ask for by name. */
  secrets: Record<string, string>;
  /** The names that any function declares as a secret: no other function gets them, not as a variable either. */
  secretNames?: ReadonlySet<string>;
  /** Further variables every function gets. */
  variables: Record<string, string>;
}

/**
 * The environment of a function's process: what production sets, the emulators' addresses, the settings, and of the
 * secrets only those its code declares. Nothing else of this process's environment gets in but what Node itself needs.
 */
export function functionEnvironment(
  spec: FunctionSpec,
  settings: FunctionSettings,
  inherited: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const { projectId, hosts, secretNames } = settings;
  const variables = Object.entries(settings.variables).filter(([name]) => secretNames?.has(name) !== true);
  const secrets = spec.secrets.map((name) => [name, settings.secrets[name] ?? ""]);
  return {
    PATH: inherited.PATH,
    HOME: inherited.HOME,
    TMPDIR: inherited.TMPDIR,
    TZ: "UTC",
    GCLOUD_PROJECT: projectId,
    GOOGLE_CLOUD_PROJECT: projectId,
    FIREBASE_CONFIG: JSON.stringify({ projectId, storageBucket: bucketOf(projectId) }),
    K_SERVICE: spec.name,
    K_REVISION: `${spec.name}-local`,
    K_CONFIGURATION: spec.name,
    FUNCTION_TARGET: spec.entryPoint,
    FUNCTION_SIGNATURE_TYPE: signatureOf(spec.trigger),
    FIRESTORE_EMULATOR_HOST: hosts.firestore,
    PUBSUB_EMULATOR_HOST: hosts.pubsub,
    FIREBASE_AUTH_EMULATOR_HOST: hosts.auth,
    CLOUD_TASKS_EMULATOR_HOST: hosts.tasks,
    // A proxy of the network has no way back to this machine.
    NO_PROXY: "127.0.0.1,localhost,::1",
    no_proxy: "127.0.0.1,localhost,::1",
    // The Google libraries look for a metadata server of the cloud, and wait for it, unless told that there is none.
    METADATA_SERVER_DETECTION: "none",
    ...Object.fromEntries(variables),
    ...Object.fromEntries(secrets),
  };
}
