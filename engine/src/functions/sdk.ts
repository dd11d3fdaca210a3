import { createRequire } from "node:module";

/** Options of a function, as `firebase-functions` takes them. */
export type FunctionOptions = Omit<import("firebase-functions/v2").GlobalOptions, "vpcConnector">;

/*
 * The SDK's modules are loaded by `require` when a function is declared: that of Firestore alone takes 200 ms. A process
 * that runs a function does without them: it exports the plain handler, as the functions framework calls it.
 */
const require = createRequire(import.meta.url);

/** The modules of the team's own copy of the SDK. */
interface Modules {
  https: typeof import("firebase-functions/v2/https");
  pubsub: typeof import("firebase-functions/v2/pubsub");
  firestore: typeof import("firebase-functions/v2/firestore");
  scheduler: typeof import("firebase-functions/v2/scheduler");
  params: typeof import("firebase-functions/params");
  /** Has the options of `setGlobalOptions`, which the SDK declares nowhere. */
  options: { getGlobalOptions(): import("firebase-functions/v2").GlobalOptions };
  all: typeof import("firebase-functions/v2");
}

const PATHS: Readonly<Record<keyof Modules, string>> = {
  https: "firebase-functions/v2/https",
  pubsub: "firebase-functions/v2/pubsub",
  firestore: "firebase-functions/v2/firestore",
  scheduler: "firebase-functions/v2/scheduler",
  params: "firebase-functions/params",
  options: "firebase-functions/options",
  all: "firebase-functions/v2",
};

/** Loads a module of the SDK, at the first call. */
export function sdk<Name extends keyof Modules>(name: Name): Modules[Name] {
  return require(PATHS[name]);
}

/** True in a process that runs a function; false in one that declares them all. */
export function isRunning(): boolean {
  return process.env.FUNCTION_TARGET !== undefined;
}

/** Declares the secrets of webhooks, for whose values the Firebase CLI asks. */
export function webhookSecrets() {
  const { defineSecret } = sdk("params");
  return [
    defineSecret("WEBHOOK_MASTER_SECRET", {
      label: "the secret that signs webhooks",
      description: "At least 32 characters, chosen at random: openssl rand -base64 48",
    }),
    defineSecret("WEBHOOK_ENCRYPTION_KEYS", {
      label: "the key that encrypts secrets of webhook endpoints",
      description: '1, a colon, and 32 random bytes in base64: echo "1:$(openssl rand -base64 32)"',
    }),
  ];
}
