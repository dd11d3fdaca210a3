/**
 * Configuration of the project, which Firebase Hosting serves at `/__/firebase/init.json`. A local server adds its
 * emulators.
 */
export interface HostingConfig {
  firebase: { apiKey: string; projectId: string; authDomain?: string; appId?: string };
  /** `host:port` of each emulator; present on the local cloud only. */
  emulators?: { authHost: string; firestoreHost: string };
  /** Origin of the API; empty when Hosting forwards `/v1`. */
  apiUrl: string;
}

/** Reads the configuration. Throws an error whose message is for people. */
export async function readHostingConfig(): Promise<HostingConfig> {
  const answer = await fetch("/__/firebase/init.json");
  if (!answer.ok) throw new Error(`The server answered ${answer.status} for /__/firebase/init.json.`);
  const config = configOf(await answer.json());
  if (!config) throw new Error("/__/firebase/init.json has no apiKey or no projectId.");
  return config;
}

function configOf(json: unknown): HostingConfig | undefined {
  if (!isFields(json) || typeof json.apiKey !== "string" || typeof json.projectId !== "string") return undefined;
  const { apiKey, projectId, authDomain, appId, apiUrl, emulators } = json;
  return {
    firebase: {
      apiKey,
      projectId,
      ...(typeof authDomain === "string" && { authDomain }),
      ...(typeof appId === "string" && { appId }),
    },
    ...(isEmulators(emulators) && { emulators }),
    apiUrl: typeof apiUrl === "string" ? apiUrl : "",
  };
}

function isEmulators(value: unknown): value is { authHost: string; firestoreHost: string } {
  return isFields(value) && typeof value.authHost === "string" && typeof value.firestoreHost === "string";
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
