import { secretName, WEBHOOK_KEYS } from "./webhook-keys.ts";

/** The secrets of a project. */
export interface Secrets {
  /**
   * Says whether a secret has a value. Rejects when it cannot be known, for lack of rights say: a value that replaces
   * another one would break every receiver's verification.
   */
  hasValue(name: string): Promise<boolean>;
  /** Gives a secret a value. The value is neither printed nor stored on this machine. */
  add(name: string, value: string): Promise<void>;
}

/**
 * Makes the keys of webhooks that have no value yet, and leaves the others as they are; answers the names of those it
 * made. Run twice it does nothing. `kit` is the instance of a function kit that they are for.
 */
export async function makeMissingKeys(secrets: Secrets, now: Date, kit?: string): Promise<string[]> {
  const made: string[] = [];
  for (const key of WEBHOOK_KEYS) {
    const secret = secretName(key, kit);
    if (await secrets.hasValue(secret)) continue;
    await secrets.add(secret, key.newValue(now));
    made.push(secret);
  }
  return made;
}
